using OpCollector.Sources.Op;

namespace OpCollector.Tests;

/// <summary>The grammars of op.</summary>
public sealed class OpGenerationSpecs
{
    static OpGeneration Zero => OpGeneration.Parse("0.2.1", "acme");

    static OpGeneration One => OpGeneration.Parse("1.12.9", "acme");

    static string Text(string[] call) => string.Join(' ', call);

    static OpQuery Query(string side, long eid) => new(Enum.Parse<LogSide>(side), eid);

    [Theory]
    [InlineData("0.2.1", 0, "0.2.1")]
    [InlineData("0.10.0\n", 0, "0.10.0")]
    [InlineData("1.0.0", 1, "1.0.0")]
    [InlineData("1.12.9\n", 1, "1.12.9")]
    [InlineData("1.12.9-beta.1", 1, "1.12.9")]
    public void A_version_is_known_by_its_first_number(string output, int major, string version)
    {
        OpGeneration.Parse(output, "acme").Should().Be(new OpGeneration(major, version, "acme"));
    }

    [Theory]
    [InlineData("2.0.0")]
    [InlineData("2.30.3\n")]
    [InlineData("3.0.0")]
    [InlineData("10.1.0")]
    public void A_generation_without_events_is_refused(string output)
    {
        var refused = () => OpGeneration.Parse(output, "acme");

        refused.Should().Throw<Failure>().Where(
            failure => failure.Code == ExitCode.Configuration && failure.Message.Contains("Events API"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Usage: op <command> [flags]")]
    public void An_output_without_a_version_is_refused(string output)
    {
        var refused = () => OpGeneration.Parse(output, "acme");

        refused.Should().Throw<Failure>().Where(
            failure => failure.Code == ExitCode.Configuration && failure.Message.Contains("source.op.path"));
    }

    [Fact]
    public void Flags_carry_their_value_and_follow_the_command()
    {
        Text(Zero.SignIn).Should().Be("signin acme --output=raw --account=acme");
        Text(Zero.SignOut).Should().Be("signout --account=acme");
        Text(One.SignIn).Should().Be("signin acme --raw --account=acme");
        Text(One.SignOut).Should().Be("signout --account=acme");
    }

    [Theory]
    [InlineData("Newest", 0, "list events 0 newer --account=acme")]
    [InlineData("Newer", 319, "list events 319 newer --account=acme")]
    [InlineData("Older", 319, "list events 319 older --account=acme")]
    [InlineData("Newer", 4294967295, "list events 4294967295 newer --account=acme")]
    public void The_first_generation_takes_positions(string side, long eid, string call)
    {
        Text(Zero.List(Query(side, eid))).Should().Be(call);
    }

    [Theory]
    [InlineData("Newest", 0, "list events --account=acme")]
    [InlineData("Newer", 319, "list events --eventid=319 --account=acme")]
    [InlineData("Older", 319, "list events --eventid=319 --older --account=acme")]
    [InlineData("Newer", 9223372036854775807, "list events --eventid=9223372036854775807 --account=acme")]
    public void The_second_generation_takes_flags(string side, long eid, string call)
    {
        Text(One.List(Query(side, eid))).Should().Be(call);
    }

    [Theory]
    [InlineData("Newer")]
    [InlineData("Older")]
    public void The_first_generation_is_never_asked_for_an_id_that_it_would_cut(string side)
    {
        var asked = () => Zero.List(Query(side, 4294967296));

        asked.Should().Throw<Failure>().Where(failure => failure.Code == ExitCode.Configuration && failure.Message.Contains("4294967296"));
    }
}
