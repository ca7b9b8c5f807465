import assert from "node:assert/strict";
import test from "node:test";
import { answers, spelt } from "../../dashboard/assets/js/names.js";

const TENCENT = "tencent|腾讯|騰訊|teng xun|tx";

test("text is compared without case, width, spaces and apostrophes", () => {
  assert.equal(spelt(" Teng Xun"), "tengxun");
  assert.equal(spelt("ＴＸ"), "tx");
  assert.equal(spelt("Xi’an-1"), "xian1");
});

test("initials begin a name; longer pieces begin a word or a syllable", () => {
  assert.ok(answers(TENCENT, "tx"));
  assert.ok(answers(TENCENT, "xun"));
  assert.ok(answers(TENCENT, "tengxun"));
  assert.ok(answers(TENCENT, "訊"));
  assert.ok(!answers(TENCENT, "xu"));
  assert.ok(!answers(TENCENT, "hz"));
  assert.ok(!answers("changde|Changde|常德|chang de|cd", "hang"));
  assert.ok(answers("alphabet|Alphabet (Google)", "goog"));
  assert.ok(answers("rd_intensity|R&D intensity", "r&d"));
});
