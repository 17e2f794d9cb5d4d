namespace OpCollector.Tests;

/// <summary>How long a retry waits: anything from nothing to a ceiling that doubles, and what the other side asked for at least.</summary>
public sealed class BackoffSpecs
{
    [Theory]
    [InlineData(0, 0.0, 0)]
    [InlineData(0, 0.5, 0.5)]
    [InlineData(1, 0.5, 1)]
    [InlineData(3, 0.25, 2)]
    [InlineData(5, 0.0, 0)]
    [InlineData(5, 0.5, 16)]
    [InlineData(6, 0.5, 30)]
    [InlineData(100_000, 0.5, 30)]
    [InlineData(int.MaxValue, 0.99, 59.4)]
    public void The_wait_is_a_random_part_of_a_ceiling_that_doubles_up_to_a_minute(int attempt, double random, double seconds) =>
        Backoff.Delay(attempt, random).TotalSeconds.Should().BeApproximately(seconds, 1e-6);

    [Theory]
    [InlineData(0, 0.0, 7, 7)]
    [InlineData(0, 0.99, 7, 7)]
    [InlineData(5, 0.5, 7, 16)]
    [InlineData(9, 0.99, 120, 120)]
    [InlineData(3, 0.5, 0, 4)]
    public void The_wait_is_never_shorter_than_asked_for(int attempt, double random, int asked, double seconds) =>
        Backoff.Delay(attempt, random, TimeSpan.FromSeconds(asked)).TotalSeconds.Should().BeApproximately(seconds, 1e-6);

    [Theory]
    [InlineData(9, 0.99, null, 6, 6)]
    [InlineData(2, 0.25, null, 6, 1)]
    [InlineData(0, 0.0, 30, 6, 6)]
    [InlineData(0, 0.5, null, -1, 0)]
    public void The_wait_ends_with_the_time_that_is_left(int attempt, double random, int? asked, int left, double seconds)
    {
        TimeSpan? atLeast = asked is { } least ? TimeSpan.FromSeconds(least) : null;

        Backoff.Delay(attempt, random, atLeast, TimeSpan.FromSeconds(left)).TotalSeconds.Should().BeApproximately(seconds, 1e-6);
    }
}
