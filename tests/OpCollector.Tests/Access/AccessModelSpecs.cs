using System.Text;
using OpCollector.Access;
using OpCollector.Events;

namespace OpCollector.Tests;

/// <summary>Random histories, read in random order and partly twice, beside a model that is slow and obvious.</summary>
public sealed class AccessModelSpecs
{
    static readonly DateTimeOffset Start = new(2026, 9, 1, 0, 0, 0, TimeSpan.Zero);

    static readonly string[] Users = ["ANN", "BEN", "CAT", "DAN"];
    static readonly string[] Groups = ["owners", "sales"];
    static readonly string[] Vaults = ["payroll", "shared"];

    [Fact]
    public void Any_history_gives_at_any_moment_what_the_slow_model_gives()
    {
        foreach (var seed in Seeds.Of("OPCOLLECTOR_ACCESS", first: 150))
        {
            var random = new Random(seed);
            var acts = Acts(random, isOp: random.Next(2) == 0).ToArray();
            var list = random.Next(2) == 0 ? null : RandomList(random);
            var history = Read(acts, list, random);
            for (var second = -1; second <= 61; second += random.Next(1, 6))
            {
                var time = Start.AddSeconds(second);
                var (state, slow) = (history.AsOf(time), Slow(acts, list, time));
                Shown(state).Should().BeEquivalentTo(slow.Select(each => each.Line), $"of seed {seed} at {second}");
                Reached(state).Should().BeEquivalentTo(ReachedSlowly(slow), $"of seed {seed} at {second}");
            }
        }
    }

    static IEnumerable<Act> Acts(Random random, bool isOp)
    {
        string[] kinds = ["gm", "gm", "uva", "uva", "gva", "gva", "user", "group", "vault"];
        var count = random.Next(0, 60);
        for (var eid = 1; eid <= count; eid++)
        {
            var type = random.GetItems(kinds, 1)[0];
            string[] actions = type switch
            {
                "gm" => ["join", "leave", "role"],
                "uva" or "gva" => ["grant", "revoke", "update"],
                "user" => ["create", "suspend", "reactive", "delete"],
                // Deletions are rare, or nothing would be left to look at.
                _ => ["create", "create", "updatea", "delete"],
            };
            var things = type is "gm" or "group" ? Groups : type == "user" ? Users : Vaults;
            var subjects = type is "gm" or "uva" ? Users : type == "gva" ? Groups : new string?[] { null };
            string?[] rights = type == "gm" ? ["A", "R", null] : type is "uva" or "gva" ? ["48", "52", "0", null] : [null];
            // op's times are whole seconds; those of the Events API are never the same.
            yield return new Act(
                eid,
                Start.AddSeconds(eid / (isOp ? 2 : 1)),
                random.GetItems(actions, 1)[0],
                type,
                random.GetItems(things, 1)[0],
                random.GetItems(subjects, 1)[0],
                random.GetItems(rights, 1)[0],
                random.GetItems(Users, 1)[0],
                isOp);
        }
    }

    static AccessList RandomList(Random random) => new(
        NameKind.Group, random.GetItems(Groups, 1)[0], NameKind.User,
        random.GetItems(Users, random.Next(0, 4)).Distinct().ToDictionary(user => user, _ => (string?)null),
        Start.AddSeconds(random.Next(0, 70)));

    static AccessHistory Read(Act[] acts, AccessList? list, Random random)
    {
        var history = new AccessHistory();
        Act[] read = [.. acts, .. acts.Where(_ => random.Next(4) == 0)];
        random.Shuffle(read);
        foreach (var act in read)
        {
            history.Read(Encoding.UTF8.GetBytes(act.Json), Streams.Audit, act.Time, act.Id);
        }

        if (list is not null)
        {
            history.Add(list);
        }

        return history;
    }

    static IEnumerable<string> Shown(AccessState state) => state.All.Select(held => Line(
        held.Target.Uuid, held.Principal.Uuid, held.Known, held.Right, held.Beginning?.EventId, held.Latest?.EventId,
        state.StatusOf(held.Principal).IsSuspended));

    static IEnumerable<string> Reached(AccessState state) => state.All
        .Select(held => held.Target)
        .Where(target => target.Kind == NameKind.Vault)
        .Distinct()
        .SelectMany(state.PeopleOn)
        .Select(path => $"{path.User.Uuid} reaches {path.Vault.Uuid} through {path.Through?.Uuid}");

    static IEnumerable<string> ReachedSlowly((string On, string Of, string Line)[] held) =>
        from vault in held
        where Vaults.Contains(vault.On)
        from user in Users.Where(user => user == vault.Of).Select(user => (Name: user, Through: ""))
            .Concat(held.Where(member => member.On == vault.Of).Select(member => (Name: member.Of, Through: vault.Of)))
        select $"{user.Name} reaches {vault.On} through {user.Through}";

    static string LineOf((string On, string Of) key, Known known, bool isSuspended) =>
        Line(key.On, key.Of, known.How, known.Right, known.Since, known.Changed, isSuspended);

    static string Line(string on, string of, Provenance known, string? right, string? beginning, string? latest, bool isSuspended) =>
        $"{of} on {on}: {known}, {right ?? "?"}, since {beginning ?? "?"}, changed {latest ?? "never"}{(isSuspended ? ", suspended" : "")}";

    // Everything from the beginning, event by event, with nothing but what is there at the time.
    static (string On, string Of, string Line)[] Slow(Act[] acts, AccessList? list, DateTimeOffset time)
    {
        var ordered = acts.OrderBy(act => act.Time).ThenBy(act => act.Eid).ToArray();
        var there = Replay(ordered, time);
        var gone = new HashSet<string>();
        var suspended = ordered.Where(act => act.Type == "user").GroupBy(act => act.On)
            .Where(acts => acts.First().Action == "reactive").Select(acts => acts.Key).ToHashSet();
        foreach (var act in ordered.Where(act => act.Time <= time && act.Of is null))
        {
            _ = act.Action switch
            {
                "delete" => gone.Add(act.On) | suspended.Remove(act.On),
                "create" or "reactive" => gone.Remove(act.On) | suspended.Remove(act.On),
                "suspend" => gone.Remove(act.On) | suspended.Add(act.On),
                _ => false,
            };
        }

        foreach (var user in list is null ? [] : Users)
        {
            var key = (list!.Uuid, user);
            var (from, to) = list.Read < time ? (list.Read, time) : (time, list.Read);
            if (!acts.Any(act => (act.On, act.Of) == key && act.IsReal && act.Time > from && act.Time <= to))
            {
                Compare(there, key, list.Rights.ContainsKey(user), acts.Any(act => (act.On, act.Of) == key && act.IsReal));
            }
        }

        return
        [
            .. there
                .Where(each => !gone.Contains(each.Key.On) && !gone.Contains(each.Key.Of))
                .Select(each => (each.Key.On, each.Key.Of, LineOf(each.Key, each.Value, suspended.Contains(each.Key.Of)))),
        ];
    }

    static Dictionary<(string On, string Of), Known> Replay(Act[] ordered, DateTimeOffset time)
    {
        var there = ordered.Where(act => act.Of is not null && act.IsReal)
            .GroupBy(act => (act.On, act.Of!))
            .Where(acts => !acts.First().Begins)
            .ToDictionary(acts => acts.Key, _ => new Known(Provenance.BeforeLog, null, null, null));
        foreach (var act in ordered.Where(act => act.Of is not null && act.IsReal && act.Time <= time))
        {
            var key = (act.On, act.Of!);
            if (act.Ends)
            {
                there.Remove(key);
            }
            else if (there.TryGetValue(key, out var known))
            {
                there[key] = act.Right is null || act.Right == known.Right ? known : known with { Right = act.Right, Changed = act.Id };
            }
            else
            {
                there[key] = act.Begins
                    ? new Known(Provenance.Seen, act.Right, act.Id, null)
                    : new Known(Provenance.BeginningMissing, act.Right, null, act.Right is null ? null : act.Id);
            }
        }

        return there;
    }

    static void Compare(Dictionary<(string On, string Of), Known> there, (string, string) key, bool isListed, bool isInLog)
    {
        if (there.TryGetValue(key, out var known) && !isListed)
        {
            there[key] = known with { How = Provenance.Disagreed };
        }
        else if (known is null && isListed)
        {
            there[key] = new Known(isInLog ? Provenance.Disagreed : Provenance.ListOnly, null, null, null);
        }
    }

    sealed record Known(Provenance How, string? Right, string? Since, string? Changed);

    sealed record Act(
        int Eid, DateTimeOffset Time, string Action, string Type, string On, string? Of, string? Right, string By, bool IsOp)
    {
        public bool IsReal => Action != "updatea";

        public bool Ends => Action is "leave" or "revoke" || (Right == "0" && Type is "uva" or "gva");

        public bool Begins => !Ends && Action is "join" or "grant";

        public string Id => IsOp ? $"{Eid}" : $"E{Eid}X";

        public string Json => (IsOp ? $$"""{"eid":{{Eid}},"time":"{{Time:O}}","actorUuid":"{{By}}","action":"{{Action}}","objectType":"{{Type}}","objectUuid":"{{On}}" """
            : $$"""{"uuid":"{{Id}}","timestamp":"{{Time:O}}","actor_uuid":"{{By}}","action":"{{Action}}","object_type":"{{Type}}","object_uuid":"{{On}}" """)
            + (Of is null ? "" : $",\"{(IsOp ? "auxUUID" : "aux_uuid")}\":\"{Of}\"")
            + (Right is null ? "" : $",\"{(IsOp ? "auxInfo" : "aux_info")}\":\"{Right}\"") + "}";
    }
}
