"""Words that several pages use."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "skip": ("跳到正文", "Skip to content"),
    "bar": ("主导航", "Main navigation"),
    "keys_move": ("上下移动", "move"),
    "keys_open": ("打开", "open"),
    "keys_search": ("筛选", "filter"),
    "live": ("实时更新", "Live"),
    "live_off": ("未连接，请刷新页面查看最新情况", "Not live: reload for news"),
    "live_lost": ("连接中断，正在重连", "Connection lost, trying again"),
    "live_news": ("有新情况，已更新", "Updated just now"),
    "live_more": ("有新情况，点击刷新", "News: reload the list"),
    "more": ("查看全部", "See all"),
    "none": ("无", "None"),
    "save": ("保存", "Save"),
    "remove": ("删除", "Remove"),
    "name": ("名称", "Name"),
    "total": ("合计", "Total"),
    "no_data": ("暂无数据", "Nothing yet"),
    "export_xlsx": ("导出 XLSX", "Export XLSX"),
    "saved_filters": ("常用筛选", "Saved filters"),
    "saved_none": ("尚未保存，本机构同事共用", "none yet; shared by your office"),
    "saved_keep": ("保存当前筛选", "Save this filter"),
}
