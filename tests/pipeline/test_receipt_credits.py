"""The receipt looks a deal up in the models' stored columns; it must say what `mart.credits` says."""

import queries
from queries.published import published_file


def test_a_receipt_lists_what_the_credits_of_the_deal_say_model_by_model(demo_build):
    with queries.connect(published_file(demo_build)) as connection:
        deals = connection.execute(
            "select deal_id from mart.touch_credits group by deal_id "
            "order by bool_or(touch_id is null) desc, count(*) desc, deal_id limit 60"
        ).fetchall()
        assert len(deals) == 60
        for (deal,) in deals:
            told = queries.run(connection.cursor(), "receipt/credits", deal=deal)
            meant = connection.execute(
                f"select {', '.join(told.columns)} from mart.credits where deal_id = $deal", {"deal": deal}
            ).pl()
            assert sorted(told.rows(), key=repr) == sorted(meant.rows(), key=repr), deal


def test_a_deal_nobody_knows_has_no_credits(demo_build):
    with queries.connect(published_file(demo_build)) as connection:
        assert queries.run(connection.cursor(), "receipt/credits", deal="nobody's").is_empty()
