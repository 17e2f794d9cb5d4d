using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpCollector.Events;

namespace OpCollector.Tests.Support;

/// <summary>
/// An invented company of 200 people at work for two months, drawn from a seed: sign-ins, items used, the work of its four administrators,
/// journeys, mistyped passwords, new computers, leavers. And, on command, somebody who means it harm.
/// </summary>
internal sealed class Company(int seed)
{
    public const int Days = 60;
    public const string Payroll = "payrollpayrollpayrollpayro";
    public const string Owners = "ownersownersownersownersow";
    const int People = 200;
    const int Admins = 4;

    static readonly string[] Countries = ["SE", "SE", "SE", "SE", "GB", "DE"];
    static readonly string[] Abroad = ["FR", "ES", "IT", "NL", "PL"];
    static readonly DateTimeOffset Monday = new(2026, 9, 7, 0, 0, 0, TimeSpan.Zero);

    readonly Random _random = new(seed);
    readonly List<(DateTimeOffset Time, string Stream, string Json)> _events = [];
    int _id;

    /// <summary>Where the lists of the configuration name its administrators, and what only they may touch.</summary>
    public static string[] Lists =>
    [
        $"admins={string.Join(',', Enumerable.Range(0, Admins).Select(User))}",
        $"privileged_vaults={Payroll}",
        $"privileged_groups={Owners}",
        "own_domains=acme.example", "expected_countries=SE,GB,DE", "sensitive_items=", "threat_addresses=",
    ];

    /// <summary>What happened since it was last asked, in order.</summary>
    public (DateTimeOffset Time, string Stream, string Json)[] Take()
    {
        (DateTimeOffset Time, string Stream, string Json)[] events = [.. _events.OrderBy(each => each.Time)];
        _events.Clear();
        return events;
    }

    /// <summary>Two months in which nobody does anything wrong.</summary>
    public void Work()
    {
        for (var person = 0; person < People; person++)
        {
            var journey = _random.Next(10, Days - 5);
            for (var day = 0; day < Days; day++)
            {
                var isAway = day >= journey && day < journey + 3;
                if (day % 7 < 5)
                {
                    Day(person, day, isAway ? Abroad[person % Abroad.Length] : Countries[person % Countries.Length]);
                }
            }
        }

        for (var day = 0; day < Days; day += 1)
        {
            Administer(day);
        }
    }

    /// <summary>A night as in the samples: an administrator's account takes the keys of the house.</summary>
    public void Night()
    {
        Audit(Days, 130, 1, "disblmfa", "user", User(7));
        Audit(Days, 132, 1, "join", "gm", Owners, User(1));
        Audit(Days, 135, 1, "grant", "uva", Payroll, User(1));
        Audit(Days, 140, 1, "export", "vault", Payroll);
    }

    public void StolenPassword() => SignIn(Days, 600, 20, "BR", "1Password CLI", "198.51.100.77");

    public void Insider()
    {
        for (var item = 0; item < 30; item++)
        {
            Use(Days, 700 + (item / 4), 30, "reveal", vault: 300 + (item % 12), item: 5000 + item);
        }

        Audit(Days, 712, 30, "export", "vault", Vault(301));
    }

    public void RogueAdministrator()
    {
        for (var victim = 0; victim < 6; victim++)
        {
            Audit(Days, 800 + victim, 2, "disblmfa", "user", User(50 + victim));
        }
    }

    public void LeakedToken() =>
        SignIn(Days, 900, 500, "SE", "1Password for Web", "203.0.113.9", email: "robot@1passwordserviceaccounts.com");

    public void Spraying()
    {
        for (var victim = 0; victim < 20; victim++)
        {
            SignIn(Days, 1000 + victim, 60 + victim, "SE", "1Password for Web", "198.51.100.99", "credentials_failed");
        }
    }

    void Day(int person, int day, string country)
    {
        var (home, begin) = ($"10.{person}.{(country == "SE" ? 1 : country[0])}.7", 440 + _random.Next(90));
        for (var time = begin; time < begin + 480; time += _random.Next(100, 240))
        {
            if (_random.Next(30) == 0)
            {
                SignIn(day, time - 1, person, country, "1Password for Mac", home, "credentials_failed");
            }

            SignIn(day, time, person, country, person % 3 == 0 ? "1Password for Windows" : "1Password for Mac", home);
        }

        // A login is three copies: user name, password and code.
        for (var use = _random.Next(8, 25); use > 0; use--)
        {
            var time = begin + _random.Next(480);
            var action = _random.Next(10) switch { 0 => "reveal", 1 or 2 => "secure-copy", _ => "fill" };
            var (vault, item) = (_random.Next(3) == 0 ? person % 40 : 40 + person, _random.Next(25));
            for (var copies = action == "secure-copy" ? 3 : 1; copies > 0; copies--)
            {
                Use(day, time, person, action, vault, (person * 100) + item);
            }
        }

        if (_random.Next(4) == 0)
        {
            var counters = $"{_random.Next(2)},1,{_random.Next(3)},0,0";
            Audit(day, begin + _random.Next(480), person, "patch", "items", Vault(40 + person), info: counters);
        }

        if (_random.Next(40) == 0)
        {
            Audit(day, begin + _random.Next(480), person, "share", "item", $"item{_random.Next(900):D22}");
        }
    }

    void Administer(int day)
    {
        if (day % 7 > 4)
        {
            return;
        }

        var admin = _random.Next(Admins);
        for (var grants = _random.Next(4); grants > 0; grants--)
        {
            Audit(day, 600 + _random.Next(300), admin, "grant", "uva", Vault(_random.Next(40)), User(_random.Next(4, People)));
        }

        switch (_random.Next(10))
        {
            case 0:
                Audit(day, 610, admin, "beginr", "user", User(_random.Next(4, People)));
                break;
            case 1:
                Audit(day, 620, admin, "suspend", "user", User(People + day));
                break;
            case 2:
                Audit(day, 630, admin, "create", "invite", User(People + 100 + day), info: $"new{day}@acme.example");
                break;
            case 3:
                var user = User(_random.Next(4, People));
                Audit(day, 640, admin, "disblmfa", "user", user);
                Audit(day, 660, admin, "enblmfa", "user", user);
                break;
            default:
                break;
        }
    }

    static string User(int number) => string.Create(CultureInfo.InvariantCulture, $"USER{number:D22}");

    static string Vault(int number) => string.Create(CultureInfo.InvariantCulture, $"vault{number:D21}");

    static JsonObject Person(int number, string? email = null) =>
        new() { ["uuid"] = User(number), ["name"] = $"N{number}", ["email"] = email ?? $"p{number}@acme.example" };

    void SignIn(
        int day,
        int minute,
        int person,
        string country,
        string client,
        string address,
        string category = "success",
        string? email = null) =>
        Add(Streams.SignIn, day, minute, new JsonObject
        {
            ["session_uuid"] = $"S{person}",
            ["country"] = country,
            ["category"] = category,
            ["type"] = category == "success" ? "credentials_ok" : "password_secret_bad",
            ["target_user"] = Person(person, email),
            ["client"] = new JsonObject { ["app_name"] = client, ["ip_address"] = address },
        });

    void Use(int day, int minute, int person, string action, int vault, int item) =>
        Add(Streams.ItemUsage, day, minute, new JsonObject
        {
            ["vault_uuid"] = Vault(vault),
            ["item_uuid"] = string.Create(CultureInfo.InvariantCulture, $"item{item:D22}"),
            ["user"] = Person(person),
            ["action"] = action,
            ["client"] = new JsonObject { ["app_name"] = "1Password Extension", ["ip_address"] = "203.0.113.7" },
        });

    void Audit(int day, int minute, int person, string action, string type, string on, string? aux = null, string? info = null) =>
        Add(Streams.Audit, day, minute, new JsonObject
        {
            ["actor_uuid"] = User(person),
            ["action"] = action,
            ["object_type"] = type,
            ["object_uuid"] = on,
            ["aux_uuid"] = aux ?? "",
            ["aux_info"] = info ?? "",
            ["session"] = new JsonObject { ["uuid"] = $"S{person}d{day}", ["device_uuid"] = $"D{person}", ["ip"] = $"10.{person}.1.7" },
        });

    void Add(string stream, int day, int minute, JsonObject json)
    {
        var time = Monday.AddDays(day).AddMinutes(minute).AddSeconds(_random.Next(60));
        json["uuid"] = string.Create(CultureInfo.InvariantCulture, $"{++_id:D26}");
        json["timestamp"] = time.ToString("O", CultureInfo.InvariantCulture);
        _events.Add((time, stream, json.ToJsonString(JsonSerializerOptions.Default)));
    }
}
