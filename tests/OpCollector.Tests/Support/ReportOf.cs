using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using NodaTime;
using OpCollector.Detection;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Report;
using OpCollector.Report.Page;

namespace OpCollector.Tests.Support;

/// <summary>A report of some events, made as the command makes it, in this process.</summary>
internal sealed class ReportOf
{
    static readonly DateTimeOffset Beginning = new(2026, 9, 1, 8, 0, 0, TimeSpan.Zero);

    readonly InstalledRules _rules = InstalledRules.Load(DetectionSettings.Default, SilenceSettings.Default, Watchlists.None);
    readonly RuleEngine _engine;

    public ReportOf(DateTimeOffset? since = null, DateTimeOffset? until = null, string[]? privileged = null)
    {
        _engine = _rules.CreateEngine();
        Counts = new PeriodCounts(
            new ReportSpan(since, until),
            new AdminHours(new HashSet<string>(), _rules.Hours, DateTimeZone.Utc),
            new PrivilegedEntities(privileged ?? [], privileged ?? []),
            Beginning.AddDays(90));
    }

    public PeriodCounts Counts { get; }

    public NameBook Names { get; init; } = NameBook.Empty;

    public CollectorNotes Notes { get; init; } = CollectorNotes.None;

    public ReportOf With(params IEnumerable<JsonObject> events)
    {
        foreach (var each in events)
        {
            var bytes = Encoding.UTF8.GetBytes(each.ToJsonString());
            var marks = UntaggedEvent.Read(bytes);
            Counts.Add(bytes, marks.Stream!, marks.Id, marks.Time, _engine.Evaluate(bytes, marks.Stream!, marks.Id, marks.Time));
        }

        return this;
    }

    /// <summary>The page.</summary>
    public byte[] File => new ReportPage(Counts, _rules.Hours, new DisplayNames(Names, Counts.People), Notes).ToFile();

    public string Text => Encoding.UTF8.GetString(File);

    /// <summary>A sign-in of the Events API.</summary>
    public static JsonObject SignIn(int number, string name, string category = "success", DateTimeOffset? time = null) => new()
    {
        ["uuid"] = $"S{number}",
        ["session_uuid"] = "X",
        ["timestamp"] = Time(number, time),
        ["category"] = category,
        ["type"] = category == "success" ? "credentials_ok" : "password_secret_bad",
        ["country"] = "SE",
        ["target_user"] = new JsonObject { ["uuid"] = $"U-{name}", ["name"] = name, ["email"] = name },
        ["client"] = new JsonObject { ["app_name"] = name, ["ip_address"] = "198.51.100.7" },
        ["location"] = new JsonObject { ["country"] = name },
        ["summary"] = $"{name} signed in",
    };

    /// <summary>An event of the audit stream that the rules find.</summary>
    public static JsonObject Found(int number, string name, DateTimeOffset? time = null) => new()
    {
        ["uuid"] = $"A{number}",
        ["timestamp"] = Time(number, time),
        ["actor_uuid"] = $"U-{name}",
        ["actor_details"] = new JsonObject { ["uuid"] = $"U-{name}", ["name"] = name, ["email"] = name },
        ["action"] = "disblmfa",
        ["object_type"] = "account",
        ["object_uuid"] = name,
        ["session"] = new JsonObject { ["ip"] = name, ["device_uuid"] = name },
        ["summary"] = $"{name} disabled two-factor authentication for the account",
    };

    /// <summary>A change of access: of the group or vault, to a person or a group.</summary>
    public static JsonObject Changed(int number, string action, string type, string on, string of) => new()
    {
        ["uuid"] = $"C{number}",
        ["timestamp"] = Time(number, null),
        ["actor_uuid"] = "U-Alice",
        ["actor_name"] = "Alice",
        ["action"] = action,
        ["object_type"] = type,
        ["object_uuid"] = $"o-{on}",
        ["object_name"] = on,
        ["aux_uuid"] = $"U-{of}",
        ["aux_name"] = of,
        ["aux_info"] = type == "gm" ? "R" : "48",
        ["summary"] = "Alice changed the access",
    };

    static string Time(int number, DateTimeOffset? time) =>
        (time ?? Beginning.AddMinutes(number)).ToString("O", CultureInfo.InvariantCulture);
}
