using OpCollector.Detection;
using OpCollector.Detection.Sigma;
using OpCollector.Events;

namespace OpCollector.Tests;

/// <summary>What published rules for 1Password get wrong, each tried on the rules that are built in.</summary>
public sealed class TrapSpecs
{
    const string Alice = "AAAAAAAAAAAAAAAAAAAAAAAAAA";
    const string Bob = "BBBBBBBBBBBBBBBBBBBBBBBBBB";
    const string Owners = "gggggggggggggggggggggggggg";
    const string Payroll = "vvvvvvvvvvvvvvvvvvvvvvvvvv";

    readonly RuleEngine _engine = InstalledRules.Load(
        DetectionSettings.Default with
        {
            Level = RuleLevel.Low,
            Lists = new Dictionary<string, IReadOnlyList<string>>
            {
                ["admins"] = [Bob],
                ["privileged_groups"] = [Owners],
                ["privileged_vaults"] = [Payroll]
            },
        },
        SilenceSettings.Default,
        new Watchlists(
            new Dictionary<string, IReadOnlyList<string>>
            {
                ["admins"] = [Bob],
                ["privileged_groups"] = [Owners],
                ["privileged_vaults"] = [Payroll]
            },
            [])).CreateEngine();

    [Fact]
    public void Two_absent_users_are_not_one_user()
    {
        See("""{"eid":1,"action":"join","objectType":"gm","objectUuid":"x"}""").Should().BeEmpty();
        See(
            $$"""{"uuid":"1","actor_uuid":"{{Alice}}","aux_uuid":"{{Bob}}","actor_email":"","aux_email":"","action":"join","object_type":"gm","object_uuid":"x"}""")
            .Should().BeEmpty();
        See($$"""{"eid":2,"actorUuid":"{{Alice}}","auxUUID":"{{Alice}}","action":"join","objectType":"gm","objectUuid":"x"}""")
            .Should().Equal("self-group-escalation");
    }

    [Fact]
    public void The_factor_of_everybody_and_that_of_one_user_are_two_findings()
    {
        See($$"""{"eid":1,"actorUuid":"{{Bob}}","action":"disblmfa","objectType":"account"}""").Should().Equal("mfa-disabled-account");
        See($$"""{"eid":2,"actorUuid":"{{Bob}}","action":"disablmfa","objectType":"user"}""").Should().Equal("mfa-disabled");
    }

    [Fact]
    public void The_first_user_s_self_join_is_found_and_documented_as_expected()
    {
        See($$"""{"eid":1,"actorUuid":"{{Bob}}","auxUUID":"{{Bob}}","action":"join","objectType":"gm","objectUuid":"x","auxInfo":"A"}""")
            .Should().Equal("self-group-escalation");
        File.ReadAllText(Support.ShippedFiles.Source("src/OpCollector/Detection/Rules/self-group-escalation.yml"))
            .Should().Contain("when it is set up");
    }

    [Theory]
    [InlineData("k7x@1PasswordServiceAccounts.com", false)]
    [InlineData("alice@acme.example", true)]
    public void What_a_provisioning_invites_is_not_invited_by_hand(string email, bool expected) =>
        See($$"""{"eid":1,"actorUuid":"{{Bob}}","actorEmail":"{{email}}","action":"create","objectType":"invite"}""").Contains(
            "manual-invite")
            .Should().Be(expected);

    [Fact]
    public void A_pair_in_the_reverse_order_is_none()
    {
        See($$"""{"eid":1,"time":"2026-09-01T00:00:00Z","actorUuid":"{{Alice}}","action":"export","objectType":"vault"}""")
            .Should().Equal("vault-export");
        See(
            $$"""{"eid":2,"time":"2026-09-01T00:00:01Z","actorUuid":"{{Bob}}","action":"activate","objectType":"user","objectUuid":"{{Alice}}"}""")
            .Should().BeEmpty();
        See($$"""{"eid":3,"time":"2026-09-01T00:00:01Z","actorUuid":"{{Alice}}","action":"export","objectType":"vault"}""")
            .Should().Equal(["vault-export"], "equal times have no order");
        See($$"""{"eid":4,"time":"2026-09-01T00:00:02Z","actorUuid":"{{Alice}}","action":"export","objectType":"vault"}""")
            .Should().Equal("vault-export", "vault-export-new-user");
    }

    [Fact]
    public void An_event_is_no_news_against_a_past_that_holds_it_or_that_nobody_has_seen()
    {
        // No rule has a baseline: the first place somebody is seen in says nothing, nor does the same event again; a second place does.
        string[] SignIn(string id, string country) =>
            See(
                $$$"""{"uuid":"{{{id}}}","timestamp":"2026-09-01T00:00:0{{{id}}}Z","category":"success","type":"credentials_ok","country":"{{{country}}}","target_user":{"uuid":"{{{Alice}}}"},"client":{"app_name":"1Password for Mac"},"location":{"country":"{{{country}}}"}}""",
                Streams.SignIn);

        SignIn("1", "SE").Should().BeEmpty();
        SignIn("1", "SE").Should().BeEmpty();
        SignIn("2", "NO").Should().Equal("signin-multi-location");
    }

    [Fact]
    public void A_vault_is_reached_through_a_group_as_well() =>
        See($$"""{"eid":1,"actorUuid":"{{Bob}}","action":"grant","objectType":"gva","objectUuid":"{{Payroll}}","auxUUID":"gg"}""")
            .Should().Equal("exclusive-access");

    [Fact]
    public void The_far_edge_of_a_window_is_inside()
    {
        See(
            $$"""{"eid":1,"time":"2026-09-01T00:00:00Z","actorUuid":"{{Bob}}","action":"activate","objectType":"user","objectUuid":"{{Alice}}"}""");
        See($$"""{"eid":2,"time":"2026-09-15T00:00:00Z","actorUuid":"{{Alice}}","action":"export","objectType":"vault"}""")
            .Should().Contain("vault-export-new-user");
        See($$"""{"eid":3,"time":"2026-09-15T00:00:01Z","actorUuid":"{{Alice}}","action":"export","objectType":"vault"}""")
            .Should().NotContain("vault-export-new-user");
    }

    [Fact]
    public void An_event_counts_once_however_often_it_arrives()
    {
        for (var time = 0; time < 40; time++)
        {
            See(
                $$$"""{"uuid":"{{{time % 4}}}","timestamp":"2026-09-01T00:00:0{{{time % 4}}}Z","action":"reveal","item_uuid":"i","user":{"uuid":"{{{Alice}}}"}}""",
                Streams.ItemUsage)
                .Should().BeEmpty();
        }
    }

    [Fact]
    public void The_stream_comes_from_the_source_and_not_from_the_members()
    {
        // It has an aux_id, and members of other streams besides.
        var json =
            $$"""{"uuid":"1","actor_uuid":"{{Bob}}","action":"disblmfa","object_type":"account","aux_id":9277034,"item_uuid":"x","category":"success"}""";

        See(json).Should().Equal("mfa-disabled-account");
        See(json, Streams.SignIn).Should().BeEmpty();
        UntaggedEvent.Read(System.Text.Encoding.UTF8.GetBytes(json)).Stream.Should().Be(Streams.Audit);
    }

    [Fact]
    public void Addresses_are_read_where_the_vendor_writes_them_and_the_firewall_is_neither_success_nor_failure()
    {
        var found = Enumerable.Range(0, 20)
            .SelectMany(
                n => See(
                    $$$"""{"uuid":"{{{n}}}","timestamp":"2026-09-01T00:{{{n}}}:00Z","category":"firewall_failed","client":{"ip_address":"203.0.113.7"},"target_user":{"uuid":"{{{n}}}"}}""",
                    Streams.SignIn));
        found.Distinct().Should().Equal("signin-firewall-refused");

        found = Enumerable.Range(10, 20)
            .SelectMany(
                n => See(
                    $$$"""{"uuid":"f{{{n}}}","timestamp":"2026-09-01T01:{{{n}}}:00Z","category":"modern_version_failed","client":{"ip_address":"203.0.113.7"},"target_user":{"uuid":"{{{n}}}"}}""",
                    Streams.SignIn));
        found.Should().Equal("password-spraying", "signin-bruteforce-ip");
    }

    string[] See(string json, string stream = Streams.Audit)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(json);
        var marks = UntaggedEvent.Read(bytes);
        return [.. _engine.Evaluate(bytes, stream, marks.Id, marks.Time).Select(finding => finding.Rule.Name)];
    }
}
