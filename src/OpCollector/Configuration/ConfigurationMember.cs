using System.Globalization;
using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Configuration;

/// <summary>One value of the configuration file together with its place, so that every complaint can name it.</summary>
/// <param name="owner">The object or the list that it is in; null for the whole file.</param>
internal sealed class ConfigurationMember(
    ConfigurationPlace place,
    string path,
    string name,
    JsonTokenType kind,
    string text,
    ConfigurationMember? owner)
{
    // A value is quoted in it, and may be anything.
    const int LongestComplaint = 600;

    // PATH_MAX of Linux.
    const int LongestPath = 4096;

    readonly HashSet<string> _read = [];

    // The one in the file, where this one says more than that.
    ConfigurationMember? _written;

    public string File => place.File;

    public ConfigurationMember? Owner => owner;

    /// <summary>What it is put in the place of, so that the rest of the file can be read; null for what is in the file.</summary>
    public InvalidValue? StandsFor { get; init; }

    // What is laid over another object is made anew each time that it is read.
    ConfigurationMember Written => _written ?? this;

    /// <summary>Whether it is an object whose kind is wrong: then nobody can say what it must hold.</summary>
    public bool IsOfNoKind { get; set; }

    public JsonTokenType Kind { get; } = kind;

    public string Path { get; } = path;

    public string Name { get; } = name;

    /// <summary>Its place, as editors read it.</summary>
    public ConfigurationPlace Place => place;

    /// <summary>The members that were asked for so far: those that have an effect here.</summary>
    public IReadOnlyCollection<string> Known => _read;

    /// <summary>The value as it could stand in the file.</summary>
    public string Json => Kind switch
    {
        JsonTokenType.String => JsonText.Quoted(text),
        JsonTokenType.Number => text,
        JsonTokenType.StartArray => $"[{string.Join(", ", Items.Select(item => item.Json))}]",
        JsonTokenType.StartObject => $"{{{string.Join(", ", Members.Values.Select(each => $"{JsonText.Quoted(each.Name)}: {each.Json}"))}}}",
        _ => Kind.ToString().ToLowerInvariant(),
    };

    /// <summary>The characters of a text or a number; a text may be empty.</summary>
    public string Text => text;

    /// <summary>Whether it is an object or a list.</summary>
    public bool IsCompound => Kind is JsonTokenType.StartObject or JsonTokenType.StartArray;

    public Dictionary<string, ConfigurationMember> Members { get; } = [];

    public List<ConfigurationMember> Items { get; } = [];

    /// <summary>A complaint about this value: <c>file:line: path: what is wrong and what to write instead</c>.</summary>
    public Failure Wrong(string what) => Complaint(what, new InvalidValue(owner ?? this, Name, Written));

    public ConfigurationMember? Find(string name)
    {
        _read.Add(name);
        if (_written is not null && _written.Members.ContainsKey(name))
        {
            _written._read.Add(name);
        }

        return AsObject().Members.GetValueOrDefault(name);
    }

    /// <summary>
    /// This object over another one, which says what this one leaves out. Each has its own place still, and what nobody asks for is
    /// refused in this one alone.
    /// </summary>
    /// <param name="joined">The members whose objects are laid over each other as well; the others replace what is below.</param>
    public ConfigurationMember Over(ConfigurationMember below, params IReadOnlyCollection<string> joined)
    {
        var both = new ConfigurationMember(place, Path, Name, Kind, text, owner) { _written = AsObject(), StandsFor = StandsFor };
        foreach (var (name, own) in Members)
        {
            var other = joined.Contains(name) ? below.Members.GetValueOrDefault(name) : null;
            var isJoined = own.Kind == JsonTokenType.StartObject && other?.Kind == JsonTokenType.StartObject;
            both.Members[name] = isJoined ? own.Over(other!) : own;
        }

        foreach (var (name, other) in below.Members)
        {
            both.Members.TryAdd(name, other);
        }

        return both;
    }

    public ConfigurationMember Get(string name) =>
        Find(name) ?? throw Complaint($"\"{name}\" is missing", new InvalidValue(Written, name, null));

    public string AsText() =>
        Kind == JsonTokenType.String && text.Length > 0 ? text : throw Wrong("must be a text in quotes, and not empty");

    public bool IsList => Kind == JsonTokenType.StartArray;

    public bool IsText => Kind == JsonTokenType.String;

    public bool AsBoolean() => Kind switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Wrong("must be true or false"),
    };

    public TimeSpan AsDuration() =>
        DurationText.TryParse(AsText()) ?? throw Wrong(
            DurationText.IsTooLong(text) ? $"\"{text}\" is longer than ten years" : $"\"{text}\" is not {DurationText.Form}");

    /// <summary>A duration that something in a run is given; more than a week is a slip of the pen.</summary>
    public TimeSpan AsTimeLimit() =>
        AsDuration() <= TimeSpan.FromDays(7) ? AsDuration() : throw Wrong($"\"{text}\" is longer than a week");

    /// <summary>A whole number that is not negative; null for anything else.</summary>
    public long? AsNumber() =>
        Kind == JsonTokenType.Number && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <summary>A whole number above 0.</summary>
    public int AsCount() =>
        Kind == JsonTokenType.Number && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw Wrong(AsNumber() > int.MaxValue ? $"must be at most {int.MaxValue}" : "must be a whole number above 0");

    /// <summary>A list that is not empty.</summary>
    public List<ConfigurationMember> AsList() =>
        Kind == JsonTokenType.StartArray && Items.Count > 0 ? Items : throw Wrong("must be a list in brackets, and not empty");

    /// <summary>A list of texts, which may be empty.</summary>
    public IReadOnlyList<ConfigurationMember> AsTexts()
    {
        if (Kind != JsonTokenType.StartArray)
        {
            throw Wrong("must be a list in brackets");
        }

        Items.ForEach(item => item.AsText());
        return Items;
    }

    public string AsOneOf(params string[] values)
    {
        if (values.Contains(AsText()))
        {
            return text;
        }

        var choices = string.Join(", ", values.Select(value => $"\"{value}\""));
        var known = values.Length == 1 ? $"write {choices}" : $"it is one of {choices}";
        throw Complaint(
            $"\"{text}\" is unknown{SpellingSuggestion.Question(text, values, known)}",
            new InvalidValue(owner ?? this, Name, Written) { Choices = values });
    }

    /// <summary>A path, taken from the folder of the configuration file.</summary>
    public string AsPath() => AsText().Contains('\0', StringComparison.Ordinal) || text.Length > LongestPath
        ? throw Wrong($"no file has such a path: at most {LongestPath} characters, and no NUL among them")
        : System.IO.Path.GetFullPath(text, System.IO.Path.GetDirectoryName(File)!);

    public ConfigurationMember AsObject() =>
        Kind == JsonTokenType.StartObject ? this : throw Wrong("must be an object in braces");

    /// <summary>Refuses every member that nobody asked for: a misspelt one would be a setting without effect.</summary>
    public void RefuseOthers()
    {
        var written = Written;
        if (!written.IsOfNoKind && StandsFor is null
            && written.Members.Values.FirstOrDefault(member => !_read.Contains(member.Name)) is { } unknown)
        {
            var here = Path.Length == 0 ? "the file" : Path;
            throw unknown.Wrong(
                $"unknown setting{SpellingSuggestion.Question(unknown.Name, _read, $"{here} knows {string.Join(", ", _read)}")}");
        }
    }

    Failure Complaint(string what, InvalidValue about) => new(
        ExitCode.Configuration,
        $"{Place}: {(Path.Length == 0 ? "" : ForeignText.Shortened(Path) + ": ")}{ForeignText.Shortened(what, LongestComplaint)}")
    {
        Subject = about,
    };
}

/// <summary>A value of the configuration that is wrong, or missing.</summary>
/// <param name="Owner">The object or the list that it is in.</param>
/// <param name="Name">Its name there; empty in a list.</param>
/// <param name="Wrong">Null where it is missing.</param>
internal sealed record InvalidValue(ConfigurationMember Owner, string Name, ConfigurationMember? Wrong)
{
    /// <summary>The values that it may have, where what else is right depends on it.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    public ConfigurationPlace Place => (Wrong ?? Owner).Place;
}

/// <summary>Where something is in a configuration file, as editors show it.</summary>
/// <param name="Column">In characters, from 1.</param>
internal sealed record ConfigurationPlace(string File, int Line, int Column)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}");
}
