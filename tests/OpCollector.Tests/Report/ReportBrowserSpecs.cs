using System.Text.Json.Nodes;

namespace OpCollector.Tests;

/// <summary>The sample report, and one whose names are all hostile, in a real browser: one run of it for each page.</summary>
[Slow]
public sealed class ReportBrowserSpecs(ReportLooks looks) : IClassFixture<ReportLooks>
{
    [Fact]
    public void The_page_opens_without_an_error_and_asks_for_nothing()
    {
        var seen = looks.Sample;

        Texts(seen["console"]).Should().BeEmpty();
        Texts(seen["errors"]).Should().BeEmpty();
        Texts(seen["requests"]).Distinct().Should().ContainSingle().Which.Should().StartWith("file://").And.EndWith(".html");
    }

    [Theory]
    [InlineData("phone")]
    [InlineData("wide")]
    [InlineData("dark")]
    public void Axe_finds_no_violation(string screen)
    {
        Texts(looks.Sample["violations"]![screen]).Should().BeEmpty();
        ((int)looks.Sample["passes"]!).Should().BeGreaterThan(20);
    }

    [Theory]
    [InlineData("phone")]
    [InlineData("tablet")]
    [InlineData("wide")]
    [InlineData("print")]
    public void The_page_fits_the_screen_and_the_paper(string screen)
    {
        ((int)looks.Sample["overflow"]![screen]!).Should().Be(0);
        ((int)looks.Sample["pictures"]![screen]!).Should().BeGreaterThan(10_000);
    }

    [Fact]
    public void On_paper_there_is_dark_on_white_and_nothing_to_click()
    {
        var print = looks.Sample["print"]!;

        print["ground"]!.ToString().Should().Be("rgb(255, 255, 255)");
        Texts(print["controls"]).Should().BeEmpty();
        ((int)print["cut"]!).Should().Be(0);
        print["pdf"]!.ToString().Should().Be("%PDF-");
    }

    [Fact]
    public void Without_JavaScript_everything_can_be_read()
    {
        var without = looks.Sample["withoutScript"]!;

        ((bool)without["filter"]!).Should().BeFalse();
        ((int)without["findings"]!).Should().Be((int)looks.Sample["filter"]!["all"]!).And.BePositive();
        ((int)without["sections"]!).Should().BeGreaterThan(6);
    }

    [Fact]
    public void The_findings_are_filtered_by_severity_and_by_text()
    {
        var filter = looks.Sample["filter"]!;

        Texts(filter["levels"]).Should().Contain(["high", "medium"]);
        filter["said"]!.ToString().Should().Be($"{filter["all"]} of {filter["all"]} shown");
        filter["byLevel"]!.AsObject().Should().OnlyContain(each => (int)each.Value![0]! == (int)each.Value[1]! && (int)each.Value[0]! > 0);
        ((int)filter["byText"]![0]!).Should().Be((int)filter["byText"]![1]!).And.BePositive().And.BeLessThan((int)filter["all"]!);
        filter["none"]!.ToJsonString().Should().Be($"[0,\"0 of {filter["all"]} shown\"]");
        ((bool)filter["stays"]!).Should().BeTrue();
    }

    [Fact]
    public void Every_number_leads_to_what_is_behind_it()
    {
        foreach (var numbers in new[] { looks.Sample["numbers"]!, looks.Hostile["numbers"]! })
        {
            Texts(numbers["wrong"]).Should().BeEmpty();
            ((int)numbers["all"]!).Should().BeGreaterThan(50);
        }
    }

    [Fact]
    public void The_keyboard_alone_suffices()
    {
        var keyboard = looks.Sample["keyboard"]!;

        keyboard["first"]!.ToString().Should().Be("Skip to the report");
        ((int)keyboard["reached"]!).Should().Be((int)keyboard["wanted"]!).And.BeGreaterThan(50);
        keyboard["unmarked"]!.AsArray().Should().BeEmpty();
        ((int)keyboard["opened"]!).Should().BePositive();
        ((int)keyboard["hidden"]!).Should().BePositive();
    }

    [Fact]
    public void Hostile_names_do_no_harm()
    {
        var seen = looks.Hostile;

        Texts(seen["console"]).Should().BeEmpty();
        Texts(seen["errors"]).Should().BeEmpty();
        Texts(seen["requests"]).Distinct().Should().ContainSingle();
        seen["harm"]!.ToJsonString().Should().StartWith("{\"harmed\":false,\"scripts\":1,\"styles\":1,\"strangers\":[],\"outside\":0,");
        seen["overflow"]!.AsObject().Should().OnlyContain(each => (int)each.Value! == 0);
        seen["violations"]!.AsObject().Should().OnlyContain(each => each.Value!.AsArray().Count == 0);
        ((int)seen["filter"]!["byText"]![0]!).Should().BePositive();
    }

    static string[] Texts(JsonNode? list) => [.. list!.AsArray().Select(each => each!.ToString())];
}

/// <summary>What the browser has seen of both pages.</summary>
public sealed class ReportLooks : IAsyncLifetime
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("opcollector-test-");

    public JsonNode Sample { get; private set; } = null!;

    public JsonNode Hostile { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var report = new ReportOf().With(Support.HostileNames.All.SelectMany((name, at) => new[]
        {
            ReportOf.Found(at * 100, name), ReportOf.SignIn(at * 100, name, $"{name}_failed"), ReportOf.SignIn((at * 100) + 1, name),
        }));
        var hostile = Path.Combine(_directory.FullName, "hostile.html");
        await File.WriteAllBytesAsync(hostile, report.File);
        Sample = await Browser.LookAsync(ShippedFiles.Sample("report.html"));
        Hostile = await Browser.LookAsync(hostile, "widths,harm,filter,numbers");
    }

    public ValueTask DisposeAsync()
    {
        _directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
