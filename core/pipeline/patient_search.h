// A provider and a feature source as one search sees them: what it asks for waits no longer than the search is patient
// (core/base/patience.h), though both are shared with other searches.
// Threads: as Provider and FeatureSource. Callbacks hold nothing of these, so they may come when these are gone.
// Tested by tests/core/pipeline/patient_search_test.cc
#pragma once

#include <memory>
#include <utility>

#include "core/base/feature_source.h"
#include "core/base/patience.h"
#include "core/base/provider.h"

namespace lookalike {

class PatientProvider final : public Provider {
 public:
  // `inner` is borrowed.
  PatientProvider(Provider& inner, std::shared_ptr<Patience> patience)
      : inner_(inner), patience_(std::move(patience)) {}

  const std::string& name() const override { return inner_.name(); }
  void search(const PhotoQuery& query, Done done) override {
    PhotoQuery patient = query;
    patient.patience = patience_;
    inner_.search(patient, std::move(done));
  }

 private:
  Provider& inner_;
  const std::shared_ptr<Patience> patience_;
};

class PatientFeatureSource final : public FeatureSource {
 public:
  // `inner` is borrowed.
  PatientFeatureSource(FeatureSource& inner, std::shared_ptr<Patience> patience)
      : inner_(inner), patience_(std::move(patience)) {}

  void fetch(const Photo& photo, int max_requests, Reports reports) override {
    reports.patience = patience_;
    inner_.fetch(photo, max_requests, std::move(reports));
  }

 private:
  FeatureSource& inner_;
  const std::shared_ptr<Patience> patience_;
};

}  // namespace lookalike
