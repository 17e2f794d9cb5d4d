using OpCollector.Detection.Sigma;
using OpCollector.Events;

namespace OpCollector.Tests;

/// <summary>The one table of names, read in both directions.</summary>
public sealed class FieldNamesSpecs
{
    [Theory]
    [InlineData("eid", "uuid")]
    [InlineData("time", "timestamp")]
    [InlineData("actorUuid", "actor_uuid")]
    [InlineData("auxUUID", "aux_uuid")]
    [InlineData("auxInfo", "aux_info")]
    public void What_op_calls_a_field_is_known_by_the_name_of_the_Events_API(string op, string api)
    {
        FieldNames.Api(op).Should().Be(api);
        FieldNames.Api(api).Should().Be(api);
        FieldNames.Spellings(api).Should().Equal(api, op);
    }

    [Theory]
    [InlineData("client")]
    [InlineData("auxUuid")]
    [InlineData("ACTORUUID")]
    public void A_field_that_the_table_does_not_know_is_taken_as_written(string name)
    {
        FieldNames.Api(name).Should().Be(name);
        FieldNames.Spellings(name).Should().Equal(name);
    }

    [Fact]
    public void Only_names_and_addresses_stand_in_details_too()
    {
        FieldNames.Detail("actor_email").Should().Be("actor_details.email");
        FieldNames.Detail("aux_name").Should().Be("aux_details.name");
        FieldNames.Detail("actor_uuid").Should().BeNull();
    }
}
