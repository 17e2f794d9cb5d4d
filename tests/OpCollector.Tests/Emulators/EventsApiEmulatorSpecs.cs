using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using EventsApiEmulator;

namespace OpCollector.Tests;

/// <summary>The emulator of the Events API is as strict as what is documented and known of the real one.</summary>
public sealed class EventsApiEmulatorSpecs : IDisposable
{
    readonly EventsApi _api = new();
    readonly HttpClient _http = new();

    public EventsApiEmulatorSpecs() => _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _api.Token.Text);

    public void Dispose()
    {
        _http.Dispose();
        _api.Dispose();
    }

    async Task<(HttpStatusCode Status, JsonNode Body)> AskAsync(string body, string path = "/api/v2/auditevents")
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(new Uri(_api.Url + path), content);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    static DateTimeOffset Ago(double minutes) => DateTimeOffset.UtcNow.AddMinutes(-minutes);

    static string[] Uuids(JsonNode page) => [.. page["items"]!.AsArray().Select(each => (string)each!["uuid"]!)];

    [Theory]
    [InlineData("""{"limit":0}""")]
    [InlineData("""{"limit":1001}""")]
    [InlineData("""{"start_time":"2026-11-22"}""")]
    [InlineData("""{"start_time":"2026-11-22T12:00:00"}""")]
    [InlineData("""{"cursor":"bm8"}""")]
    [InlineData("""{"cursor":null}""")]
    [InlineData("""{"cursor":"x","limit":5}""")]
    [InlineData("""{"offset":5}""")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task What_the_api_does_not_take_is_a_bad_request(string body) =>
        (await AskAsync(body)).Status.Should().Be(HttpStatusCode.BadRequest);

    [Fact]
    public async Task An_empty_reset_means_a_hundred_of_the_last_hour()
    {
        _api.Add("auditevents", Ago(61));
        var all = _api.AddMany("auditevents", 150, Ago(1), TimeSpan.FromSeconds(1));

        var (_, page) = await AskAsync("{}");

        Uuids(page).Should().Equal(all.Take(100));
        ((bool)page["has_more"]!).Should().BeTrue();
    }

    [Fact]
    public async Task A_cursor_goes_on_with_its_limit_and_stands_still_at_the_end()
    {
        var all = _api.AddMany("auditevents", 20, Ago(1), TimeSpan.FromSeconds(1));
        var first = (await AskAsync("""{"limit":10}""")).Body;
        var second = (await AskAsync($$"""{"cursor":"{{first["cursor"]}}"}""")).Body;

        var third = (await AskAsync($$"""{"cursor":"{{second["cursor"]}}"}""")).Body;

        ((string[])[.. Uuids(first), .. Uuids(second)]).Should().Equal(all);
        ((bool)second["has_more"]!).Should().BeTrue("a full page may be the last one");
        (Uuids(third).Length, (bool)third["has_more"]!, (string)third["cursor"]!).Should().Be((0, false, (string)second["cursor"]!));
    }

    [Fact]
    public async Task An_end_lives_on_in_the_cursor()
    {
        _api.AddMany("auditevents", 20, Ago(1), TimeSpan.FromSeconds(1));
        var first = (await AskAsync($$"""{"limit":10,"end_time":"{{Ago(1).AddSeconds(-5):yyyy-MM-ddTHH:mm:ssZ}}"}""")).Body;

        var second = (await AskAsync($$"""{"cursor":"{{first["cursor"]}}"}""")).Body;

        Uuids(second).Length.Should().BeLessThan(8);
    }

    [Fact]
    public async Task A_cursor_of_another_stream_or_of_before_is_refused()
    {
        var cursor = (string)(await AskAsync("{}")).Body["cursor"]!;

        var other = await AskAsync($$"""{"cursor":"{{cursor}}"}""", "/api/v2/itemusages");
        _api.ForgetCursors();
        var old = await AskAsync($$"""{"cursor":"{{cursor}}"}""");

        (other.Status, old.Status).Should().Be((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest));
    }

    [Theory]
    [InlineData(nameof(CursorOrder.EventTime), 0)]
    [InlineData(nameof(CursorOrder.Insertion), 1)]
    public async Task A_late_event_is_behind_a_cursor_of_time_and_before_one_of_insertion(string order, int seen)
    {
        _api.Order = Enum.Parse<CursorOrder>(order);
        _api.Add("auditevents", Ago(5));
        var cursor = (string)(await AskAsync("{}")).Body["cursor"]!;
        _api.Add("auditevents", Ago(10));

        Uuids((await AskAsync($$"""{"cursor":"{{cursor}}"}""")).Body).Should().HaveCount(seen);
    }

    [Fact]
    public async Task A_token_without_the_feature_is_refused_and_says_so_itself()
    {
        _api.Token = ApiToken.For(_api.Authority, ["itemusages"]);
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _api.Token.Text);

        var about = JsonNode.Parse(await _http.GetStringAsync(new Uri($"{_api.Url}/api/v2/auth/introspect")))!;

        (await AskAsync("{}")).Status.Should().Be(HttpStatusCode.Unauthorized);
        (await AskAsync("{}", "/api/v2/itemusages")).Status.Should().Be(HttpStatusCode.OK);
        about["features"]!.AsArray().Should().ContainSingle();
    }

    [Theory]
    [InlineData(nameof(ErrorShape.Nested), """{"Error":{"Message":"Unauthorized access"}}""")]
    [InlineData(nameof(ErrorShape.Flat), """{"status":401,"message":"Unauthorized access"}""")]
    [InlineData(nameof(ErrorShape.Plain), "Unauthorized access\n")]
    public async Task Errors_come_in_each_shape(string shape, string body)
    {
        _api.Errors = Enum.Parse<ErrorShape>(shape);
        _http.DefaultRequestHeaders.Authorization = null;

        using var response = await _http.GetAsync(new Uri($"{_api.Url}/api/v2/auth/introspect"));

        (await response.Content.ReadAsStringAsync()).Should().Be(body);
    }

    [Fact]
    public async Task Another_path_is_not_found_in_plain_text()
    {
        using var response = await _http.GetAsync(new Uri($"{_api.Url}/api/v9/auditevents"));

        (response.StatusCode, await response.Content.ReadAsStringAsync()).Should().Be((HttpStatusCode.NotFound, "404 page not found\n"));
    }

    [Fact]
    public async Task What_is_older_than_120_days_is_gone()
    {
        _api.Add("auditevents", DateTimeOffset.UtcNow.AddDays(-121));
        var kept = _api.Add("auditevents", DateTimeOffset.UtcNow.AddDays(-119));

        Uuids((await AskAsync("""{"start_time":"2020-01-01T00:00:00Z"}""")).Body).Should().Equal(kept);
    }
}
