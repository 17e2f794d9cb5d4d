using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace OpCollector.Tests;

/// <summary>The page itself, as text: its policy, its links, its size. What a browser makes of it is in ReportBrowserSpecs.</summary>
public sealed partial class ReportPageSpecs
{
    [Fact]
    public void The_policy_lets_nothing_run_but_the_style_and_the_script_of_the_page()
    {
        var page = new ReportOf().With(ReportOf.Found(1, "Alice")).Text;

        var policy = Policy().Match(page).Groups[1].Value.Replace("&#39;", "'", StringComparison.Ordinal);
        policy.Should().Be(
            $"default-src 'none'; style-src {Hash(Style().Match(page))}; script-src {Hash(Script().Match(page))}; " +
                "base-uri 'none'; form-action 'none'");
        page.Should().NotMatchRegex("""<[a-z0-9]+ ([^>]* )?(style|on[a-z]+|src|action)=""");
        Script().Count(page).Should().Be(1);
    }

    [Fact]
    public void Each_link_leads_to_a_place_that_exists_and_each_place_exists_once()
    {
        var page = new ReportOf().With(
        [
            .. Enumerable.Range(0, 200).Select(at => ReportOf.Found(at, $"Alice {at % 30}")),
            .. Enumerable.Range(0, 300).Select(at => ReportOf.SignIn(at, $"Bob {at % 30}", at % 3 == 0 ? "credentials_failed" : "success")),
        ]).Text;

        var places = Id().Matches(page).Select(match => match.Groups[1].Value).ToArray();
        places.Should().OnlyHaveUniqueItems();
        var links = Link().Matches(page).Select(match => match.Groups[1].Value).Distinct().ToArray();
        links.Length.Should().BeGreaterThan(100);
        links.Except(places).Should().BeEmpty();
    }

    [Fact]
    public void Each_number_leads_to_what_is_behind_it()
    {
        var page = new ReportOf().With(
        [
            .. Enumerable.Range(0, 200).Select(at => ReportOf.Found(at * 97, $"Alice {at % 30}")),
            .. Enumerable.Range(0, 300).Select(at => ReportOf.SignIn(at, $"Bob {at % 30}", at % 3 == 0 ? "credentials_failed" : "success")),
            ReportOf.SignIn(301, "Bob", time: DateTimeOffset.MaxValue),
            ReportOf.Changed(1, "join", "gm", "Owners", "Bob"),
            ReportOf.Changed(2, "grant", "uva", "Payroll", "Carol"),
        ]).Text;

        Number().Count(page).Should().BeGreaterThan(400);
        NumbersWithoutLink(page).Should().BeEmpty();
    }

    [Fact]
    public void The_events_behind_a_figure_have_a_bound_and_the_list_says_how_many_are_left_out()
    {
        var page = new ReportOf().With(Enumerable.Range(0, 1_234).Select(at => ReportOf.SignIn(at, "Alice"))).Text;

        page.Should().Contain("1,234 events; the newest are shown, 1,224 are left out");
    }

    [Fact]
    public void Changes_of_access_to_what_is_privileged_and_who_can_reach_it_at_the_end_are_in_the_page()
    {
        var page = new ReportOf(privileged: ["Owners", "Payroll"]).With(
            ReportOf.Changed(1, "join", "gm", "Owners", "Bob"),
            ReportOf.Changed(2, "grant", "uva", "Payroll", "Carol"),
            ReportOf.Changed(3, "join", "gm", "Juggling", "Dan"),
            ReportOf.Changed(4, "leave", "gm", "Owners", "Bob"),
            ReportOf.Changed(5, "role", "gm", "Owners", "Eve")).Text;

        Rows(page, "Changes of access to privileged groups and vaults").Should().Equal(
            "2026-09-01 08:05:00 Alice changed the role of Eve in the group Owners to member C5",
            "2026-09-01 08:04:00 Alice removed Bob from the group Owners C4",
            "2026-09-01 08:02:00 Alice gave Carol access to the vault Payroll with the rights 48 C2",
            "2026-09-01 08:01:00 Alice added Bob to the group Owners as a member C1");
        Rows(page, "Who can reach privileged groups and vaults").Should().Equal(
            "group Owners Eve member before these events", "vault Payroll Carol 48 2026-09-01 08:02:00, by Alice");
    }

    [Fact]
    public void What_began_before_the_period_is_access_in_it_and_no_change_of_it()
    {
        var page = new ReportOf(since: new DateTimeOffset(2026, 9, 1, 9, 0, 0, TimeSpan.Zero)).With(
            ReportOf.Changed(1, "join", "gm", "Owners", "Bob"), ReportOf.Changed(90, "grant", "uva", "Payroll", "Carol")).Text;

        Rows(page, "Changes of access to groups and vaults").Should().ContainSingle().Which.Should().Contain("Carol");
        Rows(page, "People in groups and on vaults, as far as these events tell").Should().Equal("group Owners 1", "vault Payroll 1");
    }

    [Fact]
    public void Without_events_the_page_says_so()
    {
        var page = new ReportOf().Text;

        page.Should().ContainAll("There are no events in this period.", "The rules found nothing in this period.", "without any time");
    }

    internal static IEnumerable<string> NumbersWithoutLink(string page) => Number().Matches(page)
        .Select(match => match.Groups[1].Value)
        .Where(number => number is not ("0" or "") && !number.StartsWith("<a href=\"#", StringComparison.Ordinal));

    // The text of each row of a table, by its caption.
    static string[] Rows(string page, string caption)
    {
        var table = page[page.IndexOf($"<caption>{caption}</caption>", StringComparison.Ordinal)..];
        var body = table[table.IndexOf("<tbody>", StringComparison.Ordinal)..table.IndexOf("</tbody>", StringComparison.Ordinal)];
        return
        [
            .. body.Split("</tr>")[..^1]
                .Select(row => Blanks().Replace(Tags().Replace(CellEnd().Replace(row, " "), ""), " ").Trim()),
        ];
    }

    static string Hash(Match element) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(element.Groups[1].Value)))}'";

    // Of figures, of tables, and of the hours.
    [GeneratedRegex("""(?:<span class="number">|<td class="(?:n|h[0-4][^"]*)">)(.*?)</(?:span|td)>""")]
    private static partial Regex Number();

    [GeneratedRegex("""<meta http-equiv="Content-Security-Policy" content="([^"]*)">""")]
    private static partial Regex Policy();

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();

    [GeneratedRegex("<script>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("</t[dh]>")]
    private static partial Regex CellEnd();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(" +")]
    private static partial Regex Blanks();

    [GeneratedRegex("""<[^>]* id="([^"]*)"[^>]*>""")]
    private static partial Regex Id();

    [GeneratedRegex("""<[^>]* href="#([^"]*)"[^>]*>""")]
    private static partial Regex Link();
}
