using System.Text.RegularExpressions;
using OpCollector.Detection.Sigma.Matching;
using OpCollector.Events;
using OpCollector.Sources;
using YamlDotNet.RepresentationModel;

namespace OpCollector.Detection.Sigma.Reading;

/// <summary>Makes matchers of selections: a map means all of it, a list any of it, a bare text a word anywhere in the event.</summary>
internal sealed class SelectionReader(FieldTable fields, Placeholders placeholders, RuleText rule)
{
    readonly int _action = fields.Slot("action");

    /// <returns>Null when something is wrong with it, which is a complaint by then.</returns>
    public Matcher? Read(YamlNode selection)
    {
        switch (selection)
        {
            case YamlMappingNode { Children.Count: > 0 } map:
                Matcher?[] items = [.. map.Children.Select(item => Item(item.Key, item.Value))];
                return items.Contains(null) ? null : items is [var only] ? only : new AllOf(items!);
            case YamlSequenceNode { Children.Count: > 0 } list:
                Matcher?[] choices = [.. list.Children.Select(Read)];
                return choices.Contains(null) ? null : choices is [var single] ? single : new AnyOf(choices!);
            case YamlScalarNode { Value.Length: > 0 } word:
                return Keyword(word);
            default:
                rule.Complain(selection, "a selection must be a map, a list or a text, and not empty");
                return null;
        }
    }

    Matcher? Item(YamlNode name, YamlNode value)
    {
        if (name is not YamlScalarNode key)
        {
            rule.Complain(name, "a field has a name, and no list or map for one");
            return null;
        }

        var parts = (key.Value ?? "").Split('|');
        IReadOnlyList<YamlNode> values = value is YamlSequenceNode list ? [.. list.Children] : [value];
        if (values.Count == 0 || values.FirstOrDefault(each => each is not YamlScalarNode) is not null)
        {
            rule.Complain(value, $"{key.Value} must be a value or a list of values, and not empty");
            return null;
        }

        if (parts[0].Length > 0)
        {
            rule.WarnOfUnknown(key, parts[0]);
        }

        try
        {
            var modifiers = Modifiers.Parse(parts[1..]);
            return modifiers.Has("all") && values.Count == 1
                ? throw new InvalidRuleException("all with a single value; write a second one, or leave it out")
                : modifiers.Has("neq") ? new NotOf(Values(parts[0], modifiers, [.. values.Cast<YamlScalarNode>()]))
                : Values(parts[0], modifiers, [.. values.Cast<YamlScalarNode>()]);
        }
        catch (InvalidRuleException ex)
        {
            rule.Complain(key, $"{key.Value}: {ex.Message}");
            return null;
        }
    }

    Matcher Values(string field, Modifiers modifiers, YamlScalarNode[] values)
    {
        Matcher[] each = modifiers switch
        {
            _ when field.Length == 0 =>
                [.. values.Select(value => Word(Tests(field, modifiers, value)))],
            { Kind: "exists" } => [.. values.Select(value => Exists(field, value))],
            _ when modifiers.Has("fieldref") => [.. values.Select(value => Reference(field, modifiers, value))],
            _ when modifiers.Has("all") || values.Any(value => value.IsNull()) =>
                [.. values.Select(value => Value(field, modifiers, [value]))],
            _ => [Value(field, modifiers, values)],
        };
        return each is [var only] ? only : modifiers.Has("all") ? new AllOf(each) : new AnyOf(each);
    }

    Matcher Value(string field, Modifiers modifiers, YamlScalarNode[] values)
    {
        var slot = fields.Slot(field);
        var isWhole = modifiers is { Kind: null, TimePart: null };
        IReadOnlyList<ValueTest> tests = values is [var only] && only.IsNull()
            ? []
            : [.. values.SelectMany(each => Tests(field, modifiers, each))];
        tests = Countries.AreIn(field) && isWhole ? CountryTest.InPlaceOf(tests) : tests;
        return values is [var value] && value.IsNull()
            ? isWhole
                ? new NullMatcher(slot)
                : throw new InvalidRuleException($"null does not go with {modifiers.Kind ?? modifiers.TimePart}")
            : OrByAddress(
                field,
                modifiers,
                new FieldMatcher(slot, slot == _action, tests)
                {
                    IsOptional = modifiers.Has("expand") && values.All(each => Placeholders.IsOptional(each.Value ?? "")),
                },
                tests);
    }

    /// <summary>An entry that is an e-mail address means the person with this address; many events hold it beside the uuid.</summary>
    Matcher OrByAddress(string field, Modifiers modifiers, FieldMatcher byUuid, IReadOnlyList<ValueTest> tests)
    {
        ValueTest[] addresses = modifiers.Has("expand") && modifiers.Kind is null && FieldNames.AddressBeside(field) is not null
            ? [.. tests.Where(test => test.Whole?.Contains('@', StringComparison.Ordinal) ?? false)]
            : [];
        return addresses.Length == 0
            ? byUuid
            : new AnyOf([byUuid, new FieldMatcher(fields.Slot(FieldNames.AddressBeside(field)!), isAction: false, addresses)]);
    }

    Matcher Exists(string field, YamlScalarNode value) => value.Boolean() switch
    {
        true => new ExistsMatcher(fields.Slot(field)),
        false => new NotOf(new ExistsMatcher(fields.Slot(field))),
        null => throw new InvalidRuleException("exists takes true or false"),
    };

    ReferenceMatcher Reference(string field, Modifiers modifiers, YamlScalarNode other) => new ReferenceMatcher(
        fields.Slot(field),
        fields.Slot(other.Value is { Length: > 0 } name ? name : throw new InvalidRuleException("fieldref takes the name of a field")),
        Place(modifiers),
        Comparison(modifiers));

    static TextPlace Place(Modifiers modifiers) => modifiers.Kind switch
    {
        "startswith" => TextPlace.Start,
        "endswith" => TextPlace.End,
        "contains" => TextPlace.Anywhere,
        _ => TextPlace.Whole,
    };

    static StringComparison Comparison(Modifiers modifiers) =>
        modifiers.Has("cased") ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    IEnumerable<ValueTest> Tests(string field, Modifiers modifiers, YamlScalarNode value)
    {
        if (modifiers is { Kind: null, TimePart: null, Encoded.Count: 0 } && !modifiers.Has("expand") && field.Length > 0)
        {
            if (value.Boolean() is { } boolean)
            {
                return [new BooleanTest(boolean)];
            }

            if (value.Number() is { } number)
            {
                return [new NumberTest(NumberComparison.Equal, number)];
            }
        }

        var text = value.Value ?? "";
        return modifiers.Has("expand")
            ? [.. placeholders.Expand(text, field, Escape(modifiers)).SelectMany(each => Test(field, modifiers, each))]
            : Test(field, modifiers, text);
    }

    static IEnumerable<ValueTest> Test(string field, Modifiers modifiers, string text) => modifiers switch
    {
        { IsText: true } => Texts(field, modifiers, text),
        { TimePart: { } part } => [new TimePartTest(part, NumberComparisons.Named(modifiers.Kind ?? "eq")!.Value, Number(text))],
        { Kind: "re" } => [new RegexTest(text, Options(modifiers))],
        { Kind: "cidr" } => [new CidrTest(
            Networks.Find(text) ?? throw new InvalidRuleException($"\"{text}\" is not a network such as 10.0.0.0/8 or 2001:db8::/32"))],
        _ => [new NumberTest(NumberComparisons.Named(modifiers.Kind!)!.Value, Number(text))],
    };

    static IEnumerable<ValueTest> Texts(string field, Modifiers modifiers, string text)
    {
        var place = field.Length == 0 && modifiers.Kind is null ? TextPlace.Anywhere : Place(modifiers);
        return [.. Encodings.Encode(TextPattern.Parse(text), modifiers.Encoded)
            .Select(pattern => new TextTest(pattern.As(place), Comparison(modifiers)))];
    }

    static decimal Number(string text) => NumberText.Parse(text) ?? throw new InvalidRuleException($"\"{text}\" is not a number");

    /// <summary>An entry of a watch list means itself, whatever characters it has.</summary>
    static Func<string, string> Escape(Modifiers modifiers) =>
        modifiers.IsText ? TextPattern.Escaped : modifiers.Kind == "re" ? Regex.Escape : entry => entry;

    static RegexOptions Options(Modifiers modifiers) =>
        (modifiers.Has("i") ? RegexOptions.IgnoreCase : 0)
        | (modifiers.Has("m") ? RegexOptions.Multiline : 0)
        | (modifiers.Has("s") ? RegexOptions.Singleline : 0);

    static Matcher Word(IEnumerable<ValueTest> spellings)
    {
        Matcher[] words = [.. spellings.Select(test => new KeywordMatcher(test))];
        return words is [var only] ? only : new AnyOf(words);
    }

    static KeywordMatcher Keyword(YamlScalarNode word) =>
        new(new TextTest(TextPattern.Parse(word.Value!).As(TextPlace.Anywhere), StringComparison.OrdinalIgnoreCase));
}
