using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using OpCollector.Report.Markup;

namespace OpCollector.Tests;

/// <summary>What others wrote is in a page as text, whatever it is, and there is no other way for it to get there.</summary>
public sealed partial class MarkupSpecs
{
    public static TheoryData<string> Names => [.. HostileNames.All];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_hostile_name_is_text_between_tags_and_in_attributes(string name)
    {
        var page = Page(name);

        Shape(page).Should().Be(Shape(Page("Alice")));
        page.Should().NotMatchRegex(@"[\u202a-\u202e\u2066-\u2069\u200b\ufeff\u2028\u0000-\u0008\u000e-\u001f]");
        page.Length.Should().BeLessThan(15_000);
    }

    [Fact]
    public void Any_text_at_all_is_text()
    {
        var ordinary = Shape(Page("Alice"));

        Prop.ForAll(
            ArbMap.Default.ArbFor<string>().Filter(text => text is not null),
            text => Shape(Page(text)) == ordinary).Check(Seeds.Try(300));
    }

    [Fact]
    public void What_is_plain_comes_through_as_it_is() =>
        Page("Alice Ånström, Олена & 민수 <3").Should()
            .Contain("<p>Alice Ånström, Олена &amp; 민수 &lt;3</p>");

    [Fact]
    public void A_secret_is_cut_out()
    {
        Redaction.Remember("pl4nted-in-a-name");

        Page("called pl4nted-in-a-name").Should().NotContain("pl4nted").And.Contain("called ***");
    }

    // To leave it in would let somebody who knows the members of this class write anything.
    [Fact]
    public void Only_text_and_elements_become_a_piece_of_a_page() =>
        typeof(Html).GetMethods().Where(method => method.IsStatic && method.ReturnType == typeof(Html))
            .SelectMany(method => method.GetParameters())
            .Where(parameter => parameter.ParameterType == typeof(string))
            .Select(parameter => parameter.Member.Name)
            .Should().Equal("op_Implicit");

    [Fact]
    public void A_link_leads_to_a_place_in_the_page_and_nowhere_else() =>
        typeof(Attributes).GetProperty(nameof(Attributes.LinkTo))!.PropertyType.Should().Be<Anchor?>();

    [Fact]
    public void The_style_and_the_script_cannot_end_early_or_ask_for_anything()
    {
        foreach (var embedded in new[] { EmbeddedFile.Style, EmbeddedFile.Script })
        {
            embedded.Text.Should().NotContainAny("</", "<!--", "@import", "url(", "http:", "https:", "eval", "innerHTML", "fetch(");
        }
    }

    static string Page(string name) => Encoding.UTF8.GetString(Html.Element(
        Tag.Div,
        new Attributes { Class = name, Title = name, Label = name, Value = name },
        Html.Element(Tag.P, name), "text", name).ToFile());

    // The page without all that is text or a value.
    static string Shape(string page) => Value().Replace(Text().Replace(page, "><"), "\"\"");

    [GeneratedRegex(">[^<>]+<")]
    private static partial Regex Text();

    [GeneratedRegex("\"[^\"<>]*\"")]
    private static partial Regex Value();
}
