import assert from "node:assert/strict";
import test from "node:test";
import { matches, normalise } from "../../dashboard/assets/js/names.js";

const TENCENT = "tencent|腾讯|騰訊|teng xun|tx";

test("text is compared without case, width, spaces and apostrophes", () => {
  assert.equal(normalise(" Teng Xun"), "tengxun");
  assert.equal(normalise("ＴＸ"), "tx");
  assert.equal(normalise("Xi’an-1"), "xian1");
});

test("initials begin a name; longer pieces begin a word or a syllable", () => {
  assert.ok(matches(TENCENT, "tx"));
  assert.ok(matches(TENCENT, "xun"));
  assert.ok(matches(TENCENT, "tengxun"));
  assert.ok(matches(TENCENT, "訊"));
  assert.ok(!matches(TENCENT, "xu"));
  assert.ok(!matches(TENCENT, "hz"));
  assert.ok(!matches("changde|Changde|常德|chang de|cd", "hang"));
  assert.ok(matches("alphabet|Alphabet (Google)", "goog"));
  assert.ok(matches("rd_intensity|R&D intensity", "r&d"));
});
