using System.Text;
using OpCollector.Access;
using OpCollector.Events;

namespace OpCollector.Tests;

/// <summary>Who could reach what, as the log tells it: what was seen to begin, what was there before, what nobody can know.</summary>
public sealed class AccessHistorySpecs
{
    const string Payroll = "vvvvvvvvvvvvvvvvvvvvvvvvvv";
    const string Finance = "gggggggggggggggggggggggggg";
    const string Bob = "BBBBBBBBBBBBBBBBBBBBBBBBBB";
    const string Alice = "AAAAAAAAAAAAAAAAAAAAAAAAAA";

    readonly AccessHistory _history = new();
    int _eid = 100;

    [Fact]
    public void An_access_that_was_seen_to_begin_has_its_time_its_right_and_its_hand()
    {
        Read(1, "grant", "uva", Payroll, Bob, "52");

        PeopleAt(2).Should().Equal($"{Bob} directly 52 Seen 1 {Alice}");
        PeopleAt(0).Should().BeEmpty();
    }

    [Fact]
    public void Both_sources_tell_the_same()
    {
        Read(1, "grant", "uva", Payroll, Bob, "52");
        _history.Read(
            Encoding.UTF8.GetBytes(
                $$"""
                {"uuid":"E1","timestamp":"2026-09-01T00:00:02Z","actor_uuid":"{{Alice}}","actor_details":{"uuid":"{{Alice}}","name":"Alice"},
                "action":"grant","object_type":"gva","object_uuid":"{{Payroll}}","aux_uuid":"{{Finance}}","aux_info":"48"}
                """),
            Streams.Audit,
            Time(2),
            "E1");

        GrantsAt(3).Should().Equal($"{Bob} 52 Seen 1 Alice", $"{Finance} 48 Seen 2 Alice");
    }

    [Fact]
    public void What_is_changed_first_was_there_before_the_log()
    {
        Read(1, "create", "vault", Payroll);
        Read(5, "update", "uva", Payroll, Bob, "52");

        PeopleAt(6).Should().Equal($"{Bob} directly 52 BeforeLog ? ?");
        PeopleAt(2).Should().Equal($"{Bob} directly ? BeforeLog ? ?");
        _history.AsOf(Time(6)).GrantsOn(Vault).Single().Latest!.Time.Should().Be(Time(5));
    }

    [Fact]
    public void What_ends_first_was_there_before_the_log()
    {
        Read(5, "revoke", "uva", Payroll, Bob);

        PeopleAt(4).Should().Equal($"{Bob} directly ? BeforeLog ? ?");
        PeopleAt(5).Should().BeEmpty();
    }

    [Fact]
    public void What_is_changed_after_its_end_has_come_back_unseen()
    {
        Read(1, "grant", "uva", Payroll, Bob, "52");
        Read(2, "revoke", "uva", Payroll, Bob);
        Read(3, "update", "uva", Payroll, Bob, "48");

        PeopleAt(4).Should().Equal($"{Bob} directly 48 BeginningMissing ? ?");
    }

    [Fact]
    public void A_right_that_changes_keeps_the_beginning_and_tells_the_change()
    {
        Read(1, "grant", "uva", Payroll, Bob, "48");
        Read(5, "update", "uva", Payroll, Bob, "1057008", by: Bob);

        PeopleAt(6).Should().Equal($"{Bob} directly 1057008 Seen 1 {Alice}");
        var held = _history.AsOf(Time(6)).GrantsOn(Vault).Single();
        held.Latest!.By!.Uuid.Should().Be(Bob);
        held.Latest.Time.Should().Be(Time(5));
    }

    [Fact]
    public void An_access_without_any_right_is_none()
    {
        Read(1, "grant", "uva", Payroll, Bob, "48");
        Read(2, "update", "uva", Payroll, Bob, "0");

        PeopleAt(3).Should().BeEmpty();
    }

    [Fact]
    public void Through_a_group_the_way_is_open_when_both_parts_are()
    {
        Read(1, "join", "gm", Finance, Bob, "R");
        Read(4, "grant", "gva", Payroll, Finance, "240", by: Bob);

        PeopleAt(3).Should().BeEmpty();
        PeopleAt(5).Should().Equal($"{Bob} {Finance} 240 Seen 4 {Bob}");
        _history.AsOf(Time(5)).VaultsOf(_history.Entities.Single(each => each.Uuid == Bob)).Should().ContainSingle()
            .Which.Vault.Uuid.Should().Be(Payroll);
    }

    [Fact]
    public void Through_a_group_that_had_it_before_the_log_the_way_begins_with_the_membership()
    {
        Read(1, "update", "gva", Payroll, Finance, "240");
        Read(4, "join", "gm", Finance, Bob, "R");

        PeopleAt(5).Should().Equal($"{Bob} {Finance} 240 Seen 4 {Alice}");
    }

    [Theory]
    [InlineData("delete", "user", Bob)]
    [InlineData("delete", "group", Finance)]
    [InlineData("purge", "vault", Payroll)]
    public void What_is_deleted_gives_nothing(string action, string type, string uuid)
    {
        Read(1, "join", "gm", Finance, Bob, "R");
        Read(2, "grant", "gva", Payroll, Finance, "240");
        Read(5, action, type, uuid);

        PeopleAt(4).Should().HaveCount(1);
        PeopleAt(5).Should().BeEmpty();
    }

    [Fact]
    public void Who_is_suspended_keeps_the_access_and_is_marked()
    {
        Read(1, "grant", "uva", Payroll, Bob, "48");
        Read(2, "suspend", "user", Bob);
        Read(4, "reactive", "user", Bob);

        PeopleAt(3).Should().HaveCount(1);
        IsSuspended(1).Should().BeFalse();
        IsSuspended(3).Should().BeTrue();
        IsSuspended(5).Should().BeFalse();
    }

    [Fact]
    public void The_order_of_reading_and_repetitions_make_no_difference()
    {
        Read(2, "revoke", "uva", Payroll, Bob, eid: 12);
        Read(1, "grant", "uva", Payroll, Bob, "48", eid: 11);
        Read(2, "grant", "uva", Payroll, Bob, "52", eid: 13);
        Read(2, "revoke", "uva", Payroll, Bob, eid: 12);
        Read(1, "grant", "uva", Payroll, Bob, "48", eid: 11);

        PeopleAt(3).Should().Equal($"{Bob} directly 52 Seen 2 {Alice}");
        _history.Changes.Select(change => change.EventId).Should().Equal("11", "12", "13");
    }

    [Fact]
    public void A_list_shows_what_the_log_says_nothing_of()
    {
        Read(1, "create", "group", Finance);
        Show(NameKind.Group, Finance, NameKind.User, Bob);

        MembersAt(9).Should().Equal($"{Bob} ListOnly");
    }

    [Fact]
    public void A_list_that_agrees_changes_nothing()
    {
        Read(1, "join", "gm", Finance, Bob, "R");
        Show(NameKind.Group, Finance, NameKind.User, Bob);

        MembersAt(9).Should().Equal($"{Bob} Seen");
    }

    [Fact]
    public void A_list_that_lacks_a_member_or_has_a_former_one_disagrees()
    {
        Read(1, "join", "gm", Finance, Bob, "R");
        Read(2, "leave", "gm", Finance, Alice);
        Show(NameKind.Group, Finance, NameKind.User, Alice);

        MembersAt(9).Should().BeEquivalentTo($"{Bob} Disagreed", $"{Alice} Disagreed");
    }

    [Fact]
    public void A_list_that_is_older_than_a_change_says_nothing_of_it()
    {
        _history.Add(new AccessList(NameKind.Group, Finance, NameKind.User, Rights(), Time(3)));
        Read(5, "join", "gm", Finance, Bob, "R");

        MembersAt(9).Should().Equal($"{Bob} Seen");
        MembersAt(4).Should().BeEmpty();
    }

    [Theory]
    [InlineData("Group", "User", "gm", Finance, Bob)]
    [InlineData("User", "Group", "gm", Finance, Bob)]
    [InlineData("Vault", "User", "uva", Payroll, Bob)]
    [InlineData("User", "Vault", "uva", Payroll, Bob)]
    [InlineData("Vault", "Group", "gva", Payroll, Finance)]
    [InlineData("Group", "Vault", "gva", Payroll, Finance)]
    public void A_list_of_each_kind_shows_what_no_event_tells_and_disagrees_with_what_has_ended(
        string of, string shows, string type, string on, string holder)
    {
        var (subject, shown) = of == "User" || shows == "Vault" ? (holder, on) : (on, holder);
        Show(Enum.Parse<NameKind>(of), subject, Enum.Parse<NameKind>(shows), shown);
        Held(on).Should().Equal($"{holder} ListOnly");

        Read(1, type == "gm" ? "join" : "grant", type, on, holder, "48");
        Held(on).Should().Equal($"{holder} Seen");

        Read(2, type == "gm" ? "leave" : "revoke", type, on, holder);
        Held(on).Should().Equal($"{holder} Disagreed");
    }

    [Theory]
    [InlineData("Group", "User", "gm", Finance, Bob, Finance, true)]
    [InlineData("User", "Group", "gm", Finance, Bob, Bob, true)]
    [InlineData("Vault", "User", "uva", Payroll, Bob, Payroll, true)]
    [InlineData("Vault", "Group", "gva", Payroll, Finance, Payroll, true)]
    [InlineData("User", "Vault", "uva", Payroll, Bob, Bob, false)]
    [InlineData("Group", "Vault", "gva", Payroll, Finance, Finance, false)]
    public void What_a_list_lacks_disagrees_unless_it_is_one_of_vaults_which_shows_those_of_the_asking_account_alone(
        string of, string shows, string type, string on, string holder, string subject, bool disagrees)
    {
        Read(1, type == "gm" ? "join" : "grant", type, on, holder, "48");
        Show(Enum.Parse<NameKind>(of), subject, Enum.Parse<NameKind>(shows));

        Held(on).Should().Equal($"{holder} {(disagrees ? "Disagreed" : "Seen")}");
    }

    [Fact]
    public void A_list_shows_the_role_that_no_event_tells_and_disagrees_with_another_one()
    {
        Read(1, "join", "gm", Finance, Alice, "R");
        _history.Add(new AccessList(
            NameKind.Group, Finance, NameKind.User, new Dictionary<string, string?> { [Alice] = "A", [Bob] = "A" }, Time(9)));

        Held(Finance).Should().BeEquivalentTo($"{Alice} Disagreed", $"{Bob} ListOnly");
        _history.AsOf(Time(9)).MembersOf(_history.Entities.Single(each => each.Uuid == Finance)).Single(each => each.Principal.Uuid == Bob)
            .Right.Should().Be("A");
    }

    [Fact]
    public void Who_reaches_a_vault_through_a_group_is_in_its_list_without_an_access_of_their_own()
    {
        Read(1, "join", "gm", Finance, Bob, "R");
        Read(2, "grant", "gva", Payroll, Finance, "240");
        Read(3, "grant", "uva", Payroll, Bob, "48");
        Read(4, "revoke", "uva", Payroll, Bob);
        Show(NameKind.Vault, Payroll, NameKind.User, Bob);
        Show(NameKind.User, Bob, NameKind.Vault, Payroll);

        PeopleAt(9).Should().Equal($"{Bob} {Finance} 240 Seen 2 {Alice}");
    }

    [Fact]
    public void Other_events_say_when_the_log_begins_and_ends()
    {
        Read(3, "view", "report", "r");
        Read(1, "join", "gm", Finance, Bob, "R");
        _history.Read("{}"u8.ToArray(), Streams.SignIn, Time(0), "s");

        _history.Begins.Should().Be(Time(1));
        _history.Ends.Should().Be(Time(3));
    }

    [Fact]
    public void A_change_that_does_not_say_whose_or_when_is_counted()
    {
        Read(1, "join", "gm", Finance, aux: "", "R");
        Read(1, "grant", "uva", on: "", Bob, "48");
        _history.Read("""{"action":"delete","objectType":"vault","objectUuid":"v"}"""u8.ToArray(), Streams.Audit, time: null, "1");

        _history.Unusable.Should().Be(3);
        _history.Changes.Should().BeEmpty();
    }

    [Theory]
    [InlineData("join", "gm", "Alice added Bob to the group Finance as a manager", "A")]
    [InlineData("role", "gm", "Alice changed the role of Bob in the group Finance to member", "R")]
    [InlineData("leave", "gm", "Alice removed Bob from the group Finance", null)]
    [InlineData("grant", "uva", "Alice gave Bob access to the vault Finance with the rights 48", "48")]
    [InlineData("update", "gva", "Alice changed the access of the group Bob to the vault Finance to the rights 48", "48")]
    [InlineData("revoke", "gva", "Alice took from the group Bob the access to the vault Finance", null)]
    [InlineData("delete", "vault", "Alice deleted the vault Finance", null)]
    [InlineData("suspend", "user", "Alice suspended Finance", null)]
    public void A_change_says_in_a_sentence_what_happened(string action, string type, string sentence, string? right)
    {
        _history.Read(
            Encoding.UTF8.GetBytes(
                $$"""
                {"eid":1,"time":"2026-09-01T00:00:01Z","actorUuid":"{{Alice}}","actorName":"Alice","action":"{{action}}","objectType":"{{type}}",
                "objectUuid":"{{Finance}}","objectName":"Finance","auxUUID":"{{Bob}}","auxName":"Bob"{{(right is null ? "" : $",\"auxInfo\":\"{right}\"")}}}
                """),
            Streams.Audit,
            Time(1),
            "1");

        _history.Changes.Single().Sentence.Should().Be(sentence);
    }

    [Fact]
    public void Of_more_changes_than_are_kept_the_older_ones_are_forgotten_and_the_last_state_is_known()
    {
        var history = new AccessHistory(most: 100_000);
        for (var each = 0; each < 5_001; each++)
        {
            Read(history, each, each % 2 == 0 ? "grant" : "revoke", "uva", Payroll, Bob, "48");
        }

        history.Forgotten.Should().Be(5_001 - history.Changes.Count()).And.BePositive();
        history.LeftOut.Should().Be(0);
        history.Gaps.Should().Equal(
            $"{history.Forgotten:N0} changes of access are forgotten: there are more than are kept, and these are older ones");
        history.AsOf(Time(5_000)).GrantsOn(history.Entities.Single(each => each.Kind == NameKind.Vault)).Single().Beginning!.Time
            .Should().Be(Time(5_000));
    }

    [Fact]
    public void Of_more_people_than_are_kept_the_first_ones_are_kept_and_their_changes_go_on()
    {
        var history = new AccessHistory(most: 100_000);
        for (var each = 0; each < 1_000; each++)
        {
            Read(history, each, "grant", "uva", Payroll, $"U{each}", "48");
        }

        Read(history, 1_001, "revoke", "uva", Payroll, "U0", by: "somebody new");

        history.LeftOut.Should().BePositive();
        history.Entities.Count().Should().BeLessThan(1_000);
        var people = history.AsOf(Time(1_002)).PeopleOn(history.Entities.Single(each => each.Kind == NameKind.Vault));
        people.Should().HaveCount(1_000 - (int)history.LeftOut - 1, "what is left out is counted");
        history.Changes.Last().By!.Uuid.Should().Be("somebody new");
    }

    Entity Vault => _history.Entities.Single(each => each.Kind == NameKind.Vault && each.Uuid == Payroll);

    static DateTimeOffset Time(int seconds) => new DateTimeOffset(2026, 9, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(seconds);

    void Read(
        int second, string action, string type, string on, string? aux = null, string? right = null, string by = Alice, int? eid = null) =>
        Read(_history, second, action, type, on, aux, right, by, eid);

    void Read(
        AccessHistory history, int second, string action, string type, string on, string? aux = null, string? right = null,
        string by = Alice, int? eid = null)
    {
        var id = eid ?? ++_eid;
        var json = $$"""{"eid":{{id}},"time":"{{Time(second):O}}","actorUuid":"{{by}}","action":"{{action}}","objectType":"{{type}}","objectUuid":"{{on}}" """
            + (aux is null ? "" : $",\"auxUUID\":\"{aux}\"") + (right is null ? "" : $",\"auxInfo\":\"{right}\"") + "}";
        history.Read(Encoding.UTF8.GetBytes(json), Streams.Audit, Time(second), $"{id}");
    }

    void Show(NameKind of, string subject, NameKind shows, params string[] uuids) =>
        _history.Add(new AccessList(of, subject, shows, Rights(uuids), Time(9)));

    static Dictionary<string, string?> Rights(params string[] uuids) => uuids.ToDictionary(uuid => uuid, _ => (string?)null);

    string[] Held(string on)
    {
        var state = _history.AsOf(Time(9));
        return [.. state.All.Where(held => held.Target.Uuid == on).Select(held => $"{held.Principal.Uuid} {held.Known}")];
    }

    string[] PeopleAt(int second) => [.. _history.AsOf(Time(second)).PeopleOn(Vault).Select(path =>
        $"{path.User.Uuid} {path.Through?.Uuid ?? "directly"} {path.Grant.Right ?? "?"} {path.Known} {Begun(path.Beginning)}")];

    string[] GrantsAt(int second) => [.. _history.AsOf(Time(second)).GrantsOn(Vault).Select(held =>
        $"{held.Principal.Uuid} {held.Right} {held.Known} {Begun(held.Beginning)}")];

    string[] MembersAt(int second) =>
        [.. _history.AsOf(Time(second)).MembersOf(_history.Entities.Single(each => each.Uuid == Finance)).Select(held =>
            $"{held.Principal.Uuid} {held.Known}")];

    bool IsSuspended(int second) =>
        _history.AsOf(Time(second)).StatusOf(_history.Entities.Single(each => each.Uuid == Bob)).IsSuspended;

    static string Begun(AccessChange? change) =>
        change is null ? "? ?" : $"{(change.Time - Time(0)).TotalSeconds:0} {change.By!.Best}";
}
