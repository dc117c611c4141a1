"""Traditional characters of reports copied from web pages, as the simplified ones that vocabulary and patterns are written in.

編製 → 编制 · 聯係 → 联系 · 結餘 → 结余          one character for one, so that every place in a text stays what it was;
                                       none that simplified text uses itself (覆盖, 瞭望)
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_TRADITIONAL = (
    "編製實數離員職門單體績評報應務會議費訓經營車購運維護國團組無結轉餘撥級補業專戶資產總額計項開幣稅財監檢審類確認問題進達獲優較減長個萬億備執調後決獎標準權種條與為爲從將發歷處場廳館鄉鎮協聯隊園機關際辦領導內設據對時"
    "間來當還這樣現學習術農漁環衛醫藥險慣動勞創啟聲廣電視網絡線統節約壓縮歲舊續輛臺係繫裡佔併並徵佈週採託綜復複幹淨僅範圍貨賬帳價負責質軟轄選遺郵銷錢錯鐵階雙難預顯願驗點黨齊虧號藝蓋義縣繼紅紀細終給絕練緊繳罰聽興華莊裝"
    "見規覽觀記訂許診詳誤說課請論證識譯讀變讓貸貼賓賞賴區擬擔擴攤敗斷暫榮構樓檔殘沒滿漲潔濟災狀獨療盡礙禮積穩籌糧紙純緩縱羅腦舉誌該貢賠贊趕跡辭適違遞遠鄰釋針鋪鍵鑒閉閱陸隨雜靈順飛飲養駐齡兩麼彙匯劃歸慮寬寧屆嶺幫廢彈徹"
    "憲戰撫擇攜敘曆樹橋況湧溝漢潤燈爭牆獻瑣畢畫異眾碼稱竊筆築縫織罷肅脫膠莖蘇蟲衝詢試諮謀貫輔輕輪邊鄭醜銀錄鎖鑑閒陳隱雲頁頂須頒頭頻顧飯馬騙魚鮮鹽麥東絲豐臨烏樂喬書買亂於亞畝親倉儀們傳傷倫償儲兒軍湊幾擊別劑勢賣參葉噸響"
    "啞圖壞塊堅壘夠婦壽爾層屬崗師帶庫廟棄張強恆惡懸掃搶擁掛揮損換攝撐齋曉極棟欄檻歡毀氣淚澤測灣濕滾滯灘滅爐煉熱愛牽暢盤礦礎禍窮競籠簽簡糾綱納紹緒綠纜緣腸腫勝脈騰蘆雖覺觸訊講訪訴詞話語諸諾誰談謝貝賢賦賽趨軌軸載輸遷過連"
    "遲鐘鋼鋒鍛陽陰雛霧靜韓頓顏風駕鳥雞鷹黃龍"
)
_SIMPLIFIED = (
    "编制实数离员职门单体绩评报应务会议费训经营车购运维护国团组无结转余拨级补业专户资产总额计项开币税财监检审类确认问题进达获优较减长个万亿备执调后决奖标准权种条与为为从将发历处场厅馆乡镇协联队园机关际办领导内设据对时"
    "间来当还这样现学习术农渔环卫医药险惯动劳创启声广电视网络线统节约压缩岁旧续辆台系系里占并并征布周采托综复复干净仅范围货账账价负责质软辖选遗邮销钱错铁阶双难预显愿验点党齐亏号艺盖义县继红纪细终给绝练紧缴罚听兴华庄装"
    "见规览观记订许诊详误说课请论证识译读变让贷贴宾赏赖区拟担扩摊败断暂荣构楼档残没满涨洁济灾状独疗尽碍礼积稳筹粮纸纯缓纵罗脑举志该贡赔赞赶迹辞适违递远邻释针铺键鉴闭阅陆随杂灵顺飞饮养驻龄两么汇汇划归虑宽宁届岭帮废弹彻"
    "宪战抚择携叙历树桥况涌沟汉润灯争墙献琐毕画异众码称窃笔筑缝织罢肃脱胶茎苏虫冲询试咨谋贯辅轻轮边郑丑银录锁鉴闲陈隐云页顶须颁头频顾饭马骗鱼鲜盐麦东丝丰临乌乐乔书买乱于亚亩亲仓仪们传伤伦偿储儿军凑几击别剂势卖参叶吨响"
    "哑图坏块坚垒够妇寿尔层属岗师带库庙弃张强恒恶悬扫抢拥挂挥损换摄撑斋晓极栋栏槛欢毁气泪泽测湾湿滚滞滩灭炉炼热爱牵畅盘矿础祸穷竞笼签简纠纲纳绍绪绿缆缘肠肿胜脉腾芦虽觉触讯讲访诉词话语诸诺谁谈谢贝贤赋赛趋轨轴载输迁过连"
    "迟钟钢锋锻阳阴雏雾静韩顿颜风驾鸟鸡鹰黄龙"
)

SIMPLIFIED = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # ！ … ～ to ! … ~


class Folding:
    """Puts one character for another, one for one, in texts where most have nothing to be put for.

    `str.translate` looks every character up, and what is in no table costs most. A pattern tells in a twentieth of the time
    that there is nothing to do; what nearly every text holds (`usual`, the marks of Chinese sentences) is put in beforehand.
    """

    def __init__(self, table: Mapping[int, int], usual: str = "") -> None:
        self._table = dict(table)
        self._usual = [(sign, chr(table[ord(sign)])) for sign in usual]
        rest = "".join(map(chr, self._table.keys() - set(map(ord, usual))))
        self._rest = re.compile(f"[{re.escape(rest)}]")

    def __call__(self, text: str) -> str:
        """The folded text, as long as it was."""
        for sign, folded in self._usual:
            text = text.replace(sign, folded)
        return text if self._rest.search(text) is None else text.translate(self._table)


simplify = Folding(SIMPLIFIED)
