using OpCollector.Report.Markup;

namespace OpCollector.Report.Page;

/// <summary>A ranking as a table: each with its number of events, which leads to them, and a bar.</summary>
internal sealed class RankingTable(EventLists lists)
{
    const int MostShown = 20;

    /// <param name="caption">What is counted.</param>
    /// <param name="column">What each of them is.</param>
    /// <param name="nameOf">What one of them is called.</param>
    public Html Render(string caption, string column, Ranking ranking, Func<Ranked, string> nameOf)
    {
        var (first, others) = ranking.Top(MostShown);
        if (first.Count == 0)
        {
            return Html.Join(Html.Element(Tag.H3, caption), PageText.Note("The events of this period name none."));
        }

        var most = first[0].Events.Count;
        return Html.Join(
            Html.Element(Tag.H3, caption),
            PageText.Table(
                caption,
                [column, "Events", "Share"],
                [
                    .. first.Select(each => PageText.Row(
                        PageText.RowHead(PageText.Others(nameOf(each))),
                        PageText.NumberCell(lists.Link($"{caption}: {nameOf(each)}", each.Events)),
                        Html.Element(Tag.Td, new Attributes { Class = "bar" }, Bar((double)each.Events.Count / most)))),
                    others.Count == 0
                        ? Html.Nothing
                        : PageText.Row(
                            PageText.RowHead(Others(ranking, first.Count)),
                            PageText.NumberCell(lists.Link($"{caption}: {Others(ranking, first.Count)}", others)),
                            PageText.Cell()),
                ]));
    }

    static string Others(Ranking ranking, int shown) => ranking.IsPartial
        ? "all others, more than are counted one by one"
        : Quantity.Format(ranking.Different - shown, "other");

    static Html Bar(double share) => Html.Element(
        Tag.Svg,
        new Attributes { Class = "share", IsPicture = true },
        Html.Element(Tag.Rect, new Attributes { Share = share, Class = "audit" }));
}
