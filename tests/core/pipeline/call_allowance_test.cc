#include "core/pipeline/call_allowance.h"

#include <gtest/gtest.h>

#include <deque>
#include <utility>
#include <vector>

namespace lookalike {
namespace {

// Answers when told to.
class SlowProvider final : public Provider {
 public:
  struct Asked {
    PhotoQuery query;
    Done done;
  };
  explicit SlowProvider(std::deque<Asked>& asked) : asked_(asked) {}
  const std::string& name() const override { return name_; }
  void search(const PhotoQuery& query, Done done) override { asked_.push_back({query, std::move(done)}); }

 private:
  std::string name_ = "slow";
  std::deque<Asked>& asked_;
};

class CallAllowanceTest : public testing::Test {
 protected:
  void ask(AllowedProvider& provider, int max_requests) {
    provider.search({.text = "cat", .max_requests = max_requests}, [this](const PhotoAnswer& answer) {
      answers_.push_back(answer.page.ok() ? "ok" : to_string(answer.page.error().code));
    });
  }
  void answer(int requests, bool cached = false) {
    auto next = std::move(asked_.front());
    asked_.pop_front();
    next.done({PhotoPage{}, {.requests = requests, .bytes = 0, .cached = cached}});
  }

  AllowedProvider allowed(std::deque<SlowProvider::Asked>& asked, int64_t calls) {
    if (!allowance_) allowance_ = std::make_shared<CallAllowance>(calls);
    return {std::make_unique<SlowProvider>(asked), allowance_};
  }

  std::deque<SlowProvider::Asked> asked_;
  std::vector<std::string> answers_;
  std::shared_ptr<CallAllowance> allowance_;
};

TEST_F(CallAllowanceTest, HoldsWhatAQueryMayCostAndTakesBackTheRest) {
  AllowedProvider provider = allowed(asked_, 5);
  ask(provider, 4);
  EXPECT_EQ(allowance_->left(), 1);
  ask(provider, 4);
  EXPECT_EQ(asked_[1].query.max_requests, 1);
  ask(provider, 4);  // waits for what the others may not need
  EXPECT_EQ(asked_.size(), 2u);
  answer(1);
  ASSERT_EQ(asked_.size(), 2u);
  EXPECT_EQ(asked_[1].query.max_requests, 3);
  answer(1);
  answer(2);
  EXPECT_EQ(allowance_->left(), 1);
  EXPECT_EQ(answers_, (std::vector<std::string>{"ok", "ok", "ok"}));
}

TEST_F(CallAllowanceTest, RefusesWhenNothingCanComeBack) {
  AllowedProvider provider = allowed(asked_, 2);
  ask(provider, 4);
  ask(provider, 4);
  answer(2);
  EXPECT_EQ(answers_, (std::vector<std::string>{"ok", "quota"}));
  ask(provider, 4);
  EXPECT_EQ(answers_.back(), "quota");
}

TEST_F(CallAllowanceTest, WhatACacheAnswersCostsNothing) {
  AllowedProvider provider = allowed(asked_, 2);
  ask(provider, 2);
  answer(0, true);
  EXPECT_EQ(allowance_->left(), 2);
}

TEST_F(CallAllowanceTest, SeveralSourcesShareItWhateverTheirRetries) {
  for (const int retries : {0, 3}) {
    allowance_.reset();
    answers_.clear();
    asked_.clear();
    std::deque<SlowProvider::Asked> others;
    AllowedProvider one = allowed(asked_, 6);
    AllowedProvider two = allowed(others, 6);
    int made = 0;
    for (int i = 0; i < 10; ++i) {
      ask(one, retries + 1);
      ask(two, retries + 1);
      for (bool more = true; more;) {
        more = !asked_.empty() || !others.empty();
        for (auto* asked : {&asked_, &others}) {
          if (asked->empty()) continue;
          ++made;
          auto next = std::move(asked->front());
          asked->pop_front();
          next.done({PhotoPage{}, {.requests = 1}});
        }
      }
    }
    EXPECT_EQ(made, 6) << retries;
    EXPECT_EQ(allowance_->left(), 0);
  }
}

TEST_F(CallAllowanceTest, NobodyIsToldWhenItIsClosed) {
  {
    AllowedProvider provider = allowed(asked_, 1);
    ask(provider, 1);
    ask(provider, 1);
  }
  answer(1);
  EXPECT_EQ(answers_, (std::vector<std::string>{"ok"}));
}

}  // namespace
}  // namespace lookalike
