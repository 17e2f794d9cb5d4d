using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpCollector.Cli.Hosting;
using OpCollector.Delivery;
using OpCollector.Delivery.S3;
using OpCollector.Events;
using Serilog.Core;
using Answer = OpCollector.Tests.Support.Receiver.Answer;

namespace OpCollector.Tests;

/// <summary>
/// Batches as objects in npm's s3rver: whatever ends a run, all events are there. It knows who has a key, and checks no signature.
/// </summary>
public sealed class ObjectStoreSpecs(ObjectStoreServer server) : IClassFixture<ObjectStoreServer>, IAsyncLifetime
{
    const string Temporary = """
        {"Code":"Success","LastUpdated":"2026-01-01T00:00:00Z","Type":"AWS-HMAC","AccessKeyId":"S3RVER","SecretAccessKey":"S3RVER","Token":"hush-session","Expiration":"2099-01-01T00:00:00Z"}
        """;

    static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    readonly Sandbox _host = new();
    ObjectStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await server.NewBucketAsync();
        _host.Configuration["sink"] = _store.Sink();
        _host.Environment["S3_SECRET"] = ObjectStore.Key;
        _host.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
    }

    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Each_batch_is_an_object_under_the_hour_of_its_first_event()
    {
        _host.Configuration["sink"]!["prefix"] = "1password/";
        string[] events = ["""{"eid":5,"time":"2026-09-22T07:59:59Z","a":"Zoë \u00e9"}""", """{"eid":6,"time":"2026-09-22T08:00:01Z"}"""];
        _host.Account.Append(events);

        var run = await _host.CollectAsync("--verbose");

        run.ExitCode.Should().Be(0, run.Stderr);
        run.Stderr.Should().Contain($"to s3://{_store.Name} at {_store.Endpoint}");
        _store.Keys.Should().ContainSingle().Which.Should().MatchRegex("^1password/audit/2026/09/22/07/5-[0-9a-f]{32}\\.ndjson\\.gz$");
        _store.Lines.Select(Explanations.Remove).Should().Equal(events);
    }

    [Theory]
    [InlineData("s3")]
    [InlineData("gcs")]
    public async Task A_sample_for_buckets_puts_its_objects_there(string sample)
    {
        _host.Configuration["sink"] = await SampleAsync(sample);
        var log = _host.Account.Log(3);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        _store.Keys.Should().ContainSingle().Which.Should().StartWith("1password/audit/");
        Delivered.Should().Equal(log);
    }

    [Fact]
    public async Task The_sample_for_a_data_lake_puts_OCSF_there()
    {
        using var written = new TestConfiguration();
        written.Environment["S3_SECRET"] = ObjectStore.Key;
        var sample = await SampleAsync("security-lake");
        var settings = written.LoadText($$"""{ "source": { "type": "op", "op": { "account": "acme", "password": { "env": "P" } } }, "sink": {{sample.ToJsonString()}} }""");
        using var limits = RunLimits.Within(TimeSpan.FromMinutes(1), TimeProvider.System);
        using var route = new Route(
            Route.Usual, new S3Sink(settings.Sink.Bucket(), TimeProvider.System, Logger.None), settings.Sink.Form);
        var item = ActivityEvent.Read(Encoding.UTF8.GetBytes(Account.Event(7)), EventIdentity.Op).Event!;

        var receipt = await route.DeliverAsync(new Batch("audit", [item]), limits);

        receipt.Accepted.Should().HaveCount(1);
        _store.Keys.Should().ContainSingle().Which.Should().StartWith("ocsf/1password/audit/");
        var line = JsonNode.Parse(_store.Lines.Single())!;
        ((int)line["class_uid"]!).Should().BeGreaterThan(1000);
        ((string)line["metadata"]!["uid"]!).Should().Be("7");
    }

    [Fact]
    public async Task A_log_of_several_pages_arrives_whole_and_in_order()
    {
        var log = _host.Account.Log(250);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        Delivered.Should().BeEquivalentTo(log);
        _store.Keys.Should().HaveCount(3);
        (await _host.CollectAsync()).Stderr.Should().BeEmpty();
    }

    [Fact]
    public async Task A_batch_that_comes_again_is_the_same_object()
    {
        var log = _host.Account.Log(120);
        await _host.CollectAsync();
        var keys = _store.Keys;
        File.Delete(_host.State("checkpoint.json"));
        File.Delete(_host.State("checkpoint.prev.json"));

        await _host.CollectAsync();

        _store.Keys.Should().Equal(keys);
        Delivered.Should().BeEquivalentTo(log);
    }

    [Theory]
    [InlineData("pwrite64", "state/checkpoint.json.tmp")]
    [InlineData("rename", "state/checkpoint.json.tmp")]
    [InlineData("link", "state/checkpoint.json")]
    public async Task A_run_killed_between_the_object_and_the_checkpoint_is_finished_by_the_next(string call, string file)
    {
        var log = _host.Account.Log(120);
        await _host.CollectAsync();
        var more = _host.Account.Log(250, first: 9000);

        var killed = await Strace.CollectAsync(_host, $"{call}:signal=SIGKILL:when=1", Path.Combine(_host.Root, file));
        var next = await _host.CollectAsync();

        killed.ExitCode.Should().Be(137);
        next.ExitCode.Should().Be(0, next.Stderr);
        Delivered.Should().BeEquivalentTo([.. log, .. more]);
    }

    [Theory]
    [InlineData("connect")]
    [InlineData("sendto,sendmsg")]
    [InlineData("recvmsg,recvfrom")]
    public async Task A_run_killed_before_during_or_after_a_request_is_finished_by_the_next(string call)
    {
        var log = _host.Account.Log(250);
        for (var nth = 1; nth <= 3; nth++)
        {
            await Strace.CollectAsync(_host, $"{call}:signal=SIGKILL:when={nth}");
        }

        var next = await _host.CollectAsync();

        next.ExitCode.Should().Be(0, next.Stderr);
        Delivered.Should().BeEquivalentTo(log);
    }

    [Fact]
    public async Task A_run_killed_again_and_again_while_it_puts_objects_loses_nothing()
    {
        var log = _host.Account.Log(1200);
        for (var many = 1; many < 12; many += 4)
        {
            using var running = _host.Start("collect");
            await Until.IsAsync(() => _store.Keys.Length >= many, "some objects are there");
            await running.KillAsync();
        }

        var last = await _host.CollectAsync();

        last.ExitCode.Should().Be(0, last.Stderr);
        Delivered.Distinct().Should().BeEquivalentTo(log);
        Delivered.Length.Should().BeLessThanOrEqualTo(log.Length + 300);
    }

    [Theory]
    [InlineData("bucket", "\"nowhere\"", 78, "NoSuchBucket")]
    [InlineData("credentials", """{"accessKeyId":"nobody","secretAccessKey":{"env":"WRONG"}}""", 77, "InvalidAccessKeyId")]
    [InlineData("credentials", """{"accessKeyId":"S3RVER","secretAccessKey":{"env":"MISSING"}}""", 78, "MISSING is not set")]
    [InlineData("credentials", "null", 78, "No credentials for the bucket")]
    public async Task What_keeps_objects_out_is_told_and_nothing_is_lost(string member, string value, int code, string words)
    {
        var log = _host.Account.Log(3);
        Set(member, value);
        _host.Environment["WRONG"] = "hush-wrong-secret";

        var run = await _host.CollectAsync();
        var check = await _host.RunAsync("check", "--send-test");

        run.ExitCode.Should().Be(code, run.Stderr);
        run.LastWords.Should().Contain(words).And.NotContain("hush").And.NotContain("\n");
        check.ExitCode.Should().Be(code, check.Stdout);
        _host.Quarantine.Should().BeEmpty();
        _host.Configuration["sink"] = _store.Sink();
        (await _host.CollectAsync()).ExitCode.Should().Be(0);
        Delivered.Should().Equal(log);
    }

    [Fact]
    public async Task A_check_finds_the_bucket_and_a_test_event_lies_in_a_folder_of_its_own()
    {
        var check = await _host.RunAsync("check", "--send-test");

        check.ExitCode.Should().Be(0, check.Stdout);
        check.Stdout.Should().Contain("the bucket is there");
        _store.Keys.Should().ContainSingle().Which.Should().StartWith("test/");
    }

    // Where Amazon's tools look for credentials, each with what answers there.
    [Theory]
    [InlineData("environment")]
    [InlineData("profile")]
    [InlineData("web identity")]
    [InlineData("container")]
    [InlineData("instance")]
    public async Task Credentials_are_found_where_the_tools_of_Amazon_find_them(string where)
    {
        using var giver = new Receiver();
        Set("credentials", "null");
        Offer(where, giver, new Uri(giver.Url).GetLeftPart(UriPartial.Authority));
        var log = _host.Account.Log(3);

        var run = await _host.CollectAsync("--verbose");

        run.ExitCode.Should().Be(0, run.Stderr);
        run.Stderr.Should().NotContain("hush");
        Delivered.Should().Equal(log);
    }

    [Fact]
    public async Task A_giver_of_credentials_that_refuses_is_told_by_its_code()
    {
        using var giver = new Receiver();
        Set("credentials", "null");
        Offer("web identity", giver, new Uri(giver.Url).GetLeftPart(UriPartial.Authority));
        giver.ForgetScript();
        giver.Otherwise = Answer.Of(
            400,
            "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidIdentityToken</Code><Message>hush</Message></Error></ErrorResponse>");
        _host.Account.Log(3);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(77, run.Stderr);
        run.LastWords.Should().Contain("InvalidIdentityToken").And.NotContain("hush");
    }

    long[] Delivered => [.. _store.Lines.Select(Sandbox.Eid)];

    // What it says of the bucket is that of the test.
    async Task<JsonNode> SampleAsync(string name)
    {
        var text = await File.ReadAllTextAsync(ShippedFiles.Sample($"sinks/{name}.json"));
        var sink = JsonNode.Parse(text, documentOptions: WithComments)!["sink"]!.DeepClone();
        foreach (var member in new[] { "bucket", "endpoint", "pathStyle", "credentials" })
        {
            sink[member] = _store.Sink()[member]!.DeepClone();
        }

        return sink;
    }

    void Set(string member, string value)
    {
        var sink = _host.Configuration["sink"]!.AsObject();
        sink.Remove(member);
        if (JsonNode.Parse(value) is { } node)
        {
            sink[member] = node;
        }
    }

    void Offer(string where, Receiver giver, string address)
    {
        var environment = _host.Environment;
        switch (where)
        {
            case "environment":
                (environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"]) = (ObjectStore.Key, ObjectStore.Key);
                break;
            case "profile":
                environment["AWS_PROFILE"] = "siem";
                Directory.CreateDirectory(Path.Combine(_host.Home, ".aws"));
                File.WriteAllText(
                    Path.Combine(_host.Home, ".aws", "credentials"),
                    $"[siem]\naws_access_key_id = {ObjectStore.Key}\naws_secret_access_key = {ObjectStore.Key}\n");
                break;
            case "web identity":
                var token = Path.Combine(_host.Root, "token");
                File.WriteAllText(token, "hush-web-identity");
                environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = token;
                environment["AWS_ROLE_ARN"] = "arn:aws:iam::123456789012:role/collector";
                environment["AWS_REGION"] = "eu-central-1";
                environment["AWS_ENDPOINT_URL_STS"] = address;
                giver.Otherwise = Answer.Of(200, """
                    <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
                    <Credentials><AccessKeyId>S3RVER</AccessKeyId><SecretAccessKey>S3RVER</SecretAccessKey><SessionToken>hush-session</SessionToken>
                    <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
                    """, "Content-Type: text/xml");
                break;
            case "container":
                environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = $"{address}/creds";
                giver.Otherwise = Answer.Of(200, Temporary, "Content-Type: application/json");
                break;
            default:
                environment.Remove("AWS_EC2_METADATA_DISABLED");
                environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = address;
                giver.Then(Answer.Of(200, "a-token"), Answer.Of(200, "a-role"));
                giver.Otherwise = Answer.Of(200, Temporary);
                break;
        }
    }
}
