#include <gtest/gtest.h>

#include "core/base/text/text.h"
#include "providers/common/answer_fields.h"

namespace lookalike {
namespace {

TEST(HtmlText, KeepsTheText) {
  EXPECT_EQ(html_text("Plain name"), "Plain name");
  EXPECT_EQ(html_text("<a href=\"//x.example/w/index.php?a=1&amp;b=2\" title=\"a > b\">Not<b>A</b>Real</a> User"),
            "NotAReal User");
  EXPECT_EQ(html_text("<div class=\"fn value\">\nJona Lendering</div>"), "Jona Lendering");
  EXPECT_EQ(html_text("One<br>two<p>three</p><li>four"), "One two three four");
  EXPECT_EQ(html_text("a<style>.x{color:red}</style>b<script>alert(1)</script>c<!-- d > e -->f"), "abcf");
}

TEST(HtmlText, DecodesEntities) {
  EXPECT_EQ(html_text("Jeff &amp; Brian &lt;3 &quot;x&quot; &#39;y&#x27;"), "Jeff & Brian <3 \"x\" 'y'");
  EXPECT_EQ(html_text("Gr&ouml;&szlig;e&nbsp;&ndash; &#26085;&#x1F600;"), "Größe – 日😀");
  EXPECT_EQ(html_text("AT&T &unknown; &; &# &#x; &#0; &#xD800; &#x110000; &#99999999999;"),
            "AT&T &unknown; &; &# &#x; &#0; &#xD800; &#x110000; &#99999999999;");
}

TEST(HtmlText, EntitiesMakeNoTagsAndNoControlCharacters) {
  EXPECT_EQ(html_text("&lt;script&gt;x"), "<script>x");
  EXPECT_EQ(html_text("a&#27;[31mb&#8238;c"), "a[31mbc");
}

TEST(HtmlText, SurvivesBrokenHtml) {
  EXPECT_EQ(html_text("a < b"), "a < b");
  EXPECT_EQ(html_text("name <a href=\"never closed"), "name");
  EXPECT_EQ(html_text("x<!-- open"), "x");
  EXPECT_EQ(html_text("x<style>open"), "x");
  EXPECT_EQ(html_text("<"), "<");
  EXPECT_EQ(html_text(""), "");
  const std::string html = "<b a='\"'>\xFF\xFE</b>&eacute;";
  for (size_t size = 0; size <= html.size(); ++size) {
    const std::string text = html_text(html.substr(0, size));
    EXPECT_EQ(valid_utf8(text), text);
  }
}

TEST(HtmlText, FindsTheFirstLink) {
  EXPECT_EQ(first_link("by <a rel=\"nofollow\" href=\"https://a.example/p?x=1&amp;y=2\">A</a> <a href=\"//b\">B</a>"),
            "https://a.example/p?x=1&y=2");
  EXPECT_EQ(first_link("<a href=\"//c.example/wiki/User:X\">X</a>"), "https://c.example/wiki/User:X");
  for (const char* html : {"", "plain", "<a href=\"javascript:x\">", "<a href=\"/wiki/x\">", "<a href=\"open"})
    EXPECT_EQ(first_link(html), "") << html;
}

TEST(UnescapedText, DecodesEachEscapeOnce) {
  EXPECT_EQ(unescaped_text("Caf\\u00e9 &amp; bar"), "Caf\u00e9 & bar");
  EXPECT_EQ(unescaped_text("&amp;amp; &amp;lt;"), "&amp; &lt;");
  EXPECT_EQ(unescaped_text("\\u0026amp;"), "&amp;");
  EXPECT_EQ(unescaped_text("S\\xe3o &#227; &#xE3;"), "S\u00e3o \u00e3 \u00e3");
  EXPECT_EQ(unescaped_text("\\ud83d\\ude00"), "\U0001F600");
}

TEST(UnescapedText, LeavesWhatIsNoEscape) {
  for (const char* text : {"", "a & b", "C:\\users", "\\u12", "\\ud83d", "\\ude00", "\\x4", "\\u0000", "&nothing;", "&",
                           "\\", "u00e9", "<b>"})
    EXPECT_EQ(unescaped_text(text), text);
}

}  // namespace
}  // namespace lookalike
