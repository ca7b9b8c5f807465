"""How readers of Traditional Chinese in Taiwan say it, where converted characters leave another word.

Money is written in 兆, areas in 平方公尺 (:mod:`dashboard.locale.numbers`), so words follow Taiwan, too.
Names of statistics that exist on the mainland alone (環比, 口徑, 在崗職工) stay as their publishers print
them. Names of publishers and titles of documents are theirs and are not touched.
"""

from __future__ import annotations

import re

TERMS: dict[str, str] = {
    "數據": "資料",
    "維基數據": "維基數據",
    "元數據": "中繼資料",
    "面板數據": "追蹤資料",
    "數據庫": "資料庫",
    "接口": "介面",
    "服務器": "伺服器",
    "鏈接": "連結",
    "環比鏈接": "環比連乘",
    "文本": "文字",
    "電子表格": "試算表",
    "導出": "匯出",
    "訪問量": "造訪量",
    "訪問次數": "造訪次數",
    "訪問": "存取",
    "只讀": "唯讀",
    "密鑰": "金鑰",
    "芯片": "晶片",
    "互聯網": "網際網路",
    "聯網": "連網",
    "人工智能": "人工智慧",
    "智能": "智慧",
    "軟件": "軟體",
    "硬件": "硬體",
    "網絡": "網路",
    "信息": "資訊",
    "程序員": "程式設計師",
    "程序": "程式",
    "同一算法": "同一計算方法",
    "機構算法": "機構計算方法",
    "算法": "演算法",
    "演算法": "演算法",
    "計算機": "電腦",
    "代碼倉庫": "程式碼儲存庫",
    "代碼": "程式碼",
    "倉庫": "儲存庫",
    "搜索": "搜尋",
    "字體": "字型",
    "矢量": "向量",
    "質量": "品質",
    "水平": "水準",
    "博客": "部落格",
    "本項目": "本專案",
    "跟蹤": "追蹤",
    "報道": "報導",
    "點贊": "按讚",
    "平方米": "平方公尺",
    "日元": "日圓",
    "合同": "合約",
    "摺合": "折合",
    "轉換系數": "轉換係數",
    "數字經濟": "數位經濟",
    "添加": "新增",
    "地址": "網址",
    "視圖": "檢視",
    "回車": "Enter 鍵",
    "空格": "空白鍵",
    "檔案頁": "簡介頁",
    "同比漲幅": "年增率",
    "項同比": "項年增率",
    "，同比": "，較上年",
    "粘貼": "黏貼",
    "聖何塞": "聖荷西",
    "硅谷": "矽谷",
    "福布斯": "富比士",
    "谷歌": "Google",
    "占比": "佔比",
    "刷新後": "重新整理後",
    "在線": "線上",
    "通脹": "通膨",
    "賬": "帳",
    "佈": "布",
    "臺": "台",
}
"""Converted word → word in use; the longest that fits goes first."""

_FOUND = re.compile("|".join(map(re.escape, sorted(TERMS, key=len, reverse=True))))


def worded(text: str) -> str:
    """Return a text in Traditional characters with the words of Taiwan.

    >>> worded("公開數據（每平方米）"), worded("面板數據")
    ('公開資料（每平方公尺）', '追蹤資料')
    """
    return _FOUND.sub(lambda found: TERMS[found[0]], text)


def foreign(text: str) -> list[str]:
    """Return the words of a text that :func:`worded` would replace."""
    return [word for word in _FOUND.findall(text) if TERMS[word] != word]
