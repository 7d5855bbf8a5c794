import pytest

from app.domain.privacy import MASK, mask_name, mask_phone, masked, private_pieces

NAMES = ("李晓", "济南青岚食品有限公司", "禾墒大棚监测（筹）")


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("打我电话13800138000就行", "13800138000"),
        ("电话１３８ ００１３ ８０００", "１３８ ００１３ ８０００"),
        ("座机0531-88887777", "0531-88887777"),
        ("热线400-800-1234", "400-800-1234"),
        ("手机一三八零零一三八零零零", "一三八零零一三八零零零"),
        ("身份证37010219900101123X", "37010219900101123X"),
        ("代码91370112DEM0200586", "91370112DEM0200586"),
        ("加微信号：qinglan_88", "微信号：qinglan_88"),
        ("写信到 li.xiao@example.org", "li.xiao@example.org"),
        ("看 https://example.org/shop 就知道", "https://example.org/shop"),
        ("店在花园路128号", "店在花园路128号"),
        ("住在3号楼2单元501室", "3号楼2单元501室"),
        ("我叫李晓，开店的", "李晓"),
        ("青岚食品做了三年", "青岚食品"),
        ("我们济南青岚食品有限公司", "济南青岚食品"),
        ("禾墒大棚监测刚起步", "禾墒大棚监测"),
        ("给山东某某机械有限公司供货", "给山东某某机械有限公司"),
    ],
)
def test_what_tells_who_is_meant_is_found(text: str, piece: str) -> None:
    assert piece in private_pieces(text, NAMES)
    assert piece not in masked(text, NAMES)
    assert MASK in masked(text, NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "想注册一家有限公司，不知道经营范围怎么写",
        "去年卖了一百四十台，投了 300 万，租金 18 万一年",
        "2026-09-18 到期，2025 2026 两年都亏",
        "四米二的车，0.6 的抽成，3 个人，8:30 开门",
        "做大棚温湿度监测设备，已经装了 6 个草莓大棚",
        "办公司还是个体户，二十来平的小店要什么证",
        "",
    ],
)
def test_what_tells_nobody_stays_as_it_is(text: str) -> None:
    assert private_pieces(text, NAMES) == ()
    assert masked(text, NAMES) == text


def test_pieces_come_once_each_in_the_order_of_the_text() -> None:
    text = "李晓说打13800138000，找李晓就行"
    assert private_pieces(text, NAMES) == ("李晓", "13800138000")
    assert masked(text, NAMES) == f"{MASK}说打{MASK}，找{MASK}就行"


def test_pieces_that_overlap_are_blotted_out_once() -> None:
    text = "我们是济南青岚食品有限公司。"
    assert masked(text, NAMES) == f"{MASK}。"


def test_a_name_of_one_character_is_not_looked_for() -> None:
    assert private_pieces("李子熟了", ["李", ""]) == ()


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13800002046", "138 **** 2046"),
        ("+86 138-0000-2046", "86138 **** 2046"),
        ("0531-88880000", "0531 **** 0000"),
        ("8888000", "**** 8000"),
        ("12345", "****"),
        ("", "****"),
    ],
)
def test_phone_number_keeps_only_its_ends(number: str, masked: str) -> None:
    assert mask_phone(number) == masked


@pytest.mark.parametrize(
    ("name", "masked"), [("张三", "张*"), ("欧阳小明", "欧*"), (" li ", "l*"), ("", "*")]
)
def test_masked_name_hides_its_length(name: str, masked: str) -> None:
    assert mask_name(name) == masked
