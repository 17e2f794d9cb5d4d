using System.Text;
using NodaTime;
using OpCollector.Detection;
using OpCollector.Events;

namespace OpCollector.Tests;

/// <summary>The activity of many people: the most active of them and the administrators are kept.</summary>
public sealed class UserActivitySpecs
{
    static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Up_to_a_limit_everybody_is_kept()
    {
        var activity = Of();
        Newcomers(activity, UserActivity.MostPeople);

        activity.IsPartial.Should().BeFalse();
        activity.Profiles.Should().HaveCount(UserActivity.MostPeople);
    }

    [Fact]
    public void Of_more_people_the_most_active_and_the_administrators_are_kept()
    {
        var activity = Of("ROOT");
        Add(activity, "root");
        Add(activity, "BUSY");
        Add(activity, "BUSY");
        Newcomers(activity, 3 * UserActivity.MostPeople);
        Add(activity, "BUSY");

        activity.IsPartial.Should().BeTrue();
        activity.Profiles.Should().HaveCountLessThanOrEqualTo(UserActivity.MostPeople);
        activity.Profiles.Single(profile => profile.UserUuid == "BUSY").Events.Should().Be(3);
        activity.Profiles.Where(activity.IsOfAdmin).Should().ContainSingle().Which.UserUuid.Should().Be("root");
    }

    [Fact]
    public void Administrators_are_kept_however_many()
    {
        var admins = Enumerable.Range(0, 2 * UserActivity.MostPeople).Select(Uuid).ToArray();
        var activity = Of(admins);
        Newcomers(activity, admins.Length);

        activity.Profiles.Should().HaveCount(admins.Length);
    }

    static UserActivity Of(params string[] admins) => new((_, _) => DateTimeZone.Utc, admins.ToHashSet(StringComparer.OrdinalIgnoreCase));

    static void Newcomers(UserActivity activity, int number)
    {
        for (var each = 0; each < number; each++)
        {
            Add(activity, Uuid(each));
        }
    }

    static string Uuid(int number) => $"U{number}";

    static void Add(UserActivity activity, string user) =>
        activity.Add(Encoding.UTF8.GetBytes($$"""{"actorUuid":"{{user}}","action":"view"}"""), Streams.Audit, Noon);
}
