using OpCollector.Report.Markup;

namespace OpCollector.Report.Page;

/// <summary>A ranking as a table: each with its number of events, which leads to them, and a bar.</summary>
internal sealed class RankingTable(EventLists lists)
{
    const int MostShown = 20;

    /// <param name="caption">What is counted.</param>
    /// <param name="column">What each of them is.</param>
    /// <param name="nameOf">What one of them is called.</param>
    public Html Of(string caption, string column, Ranking ranking, Func<Ranked, string> nameOf)
    {
        var (first, others) = ranking.Top(MostShown);
        if (first.Count == 0)
        {
            return Html.All(Html.Of(Tag.H3, caption), Words.Note("The events of this period name none."));
        }

        var most = first[0].Events.Count;
        return Html.All(
            Html.Of(Tag.H3, caption),
            Words.Table(
                caption,
                [column, "Events", "Share"],
                [
                    .. first.Select(each => Words.Row(
                        Words.RowHead(Words.Others(nameOf(each))),
                        Words.NumberCell(lists.Link($"{caption}: {nameOf(each)}", each.Events)),
                        Html.Of(Tag.Td, new With { Class = "bar" }, Bar((double)each.Events.Count / most)))),
                    others.Count == 0
                        ? Html.Nothing
                        : Words.Row(
                            Words.RowHead(Others(ranking, first.Count)),
                            Words.NumberCell(lists.Link($"{caption}: {Others(ranking, first.Count)}", others)),
                            Words.Cell()),
                ]));
    }

    static string Others(Ranking ranking, int shown) => ranking.IsPartial
        ? "all others, more than are counted one by one"
        : Counted.Of(ranking.Different - shown, "other");

    static Html Bar(double share) => Html.Of(
        Tag.Svg, new With { Class = "share", IsPicture = true }, Html.Of(Tag.Rect, new With { Share = share, Class = "audit" }));
}
