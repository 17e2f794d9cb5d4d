namespace OpEmulator.Scenarios;

/// <summary>What the lists print unless the scenario says otherwise: the names behind the ids of generated events.</summary>
internal static class DefaultLists
{
    // 0.2.1 prints neither name, nor state, nor type.
    public const string UsersZero =
        """
        [{"uuid":"CTHSZQHLERKQXM2YFC3S4U5ZU4","firstName":"Alice","lastName":"Ångström","email":"alice@example.com","avatar":""},{"uuid":"Q2EV3CGL2IT34UAS24UZZDUOWU","firstName":"Bob","lastName":"","email":"bob@example.com","avatar":""},{"uuid":"SF6HEZYJXIRHC6BUFFZLHKLMDU","firstName":"Carol","lastName":"O'Neil","email":"carol@example.com","avatar":""}]
        """;

    public const string UsersOne =
        """
        [{"uuid":"CTHSZQHLERKQXM2YFC3S4U5ZU4","firstName":"Alice","lastName":"Ångström","name":"Alice Ångström","email":"alice@example.com","avatar":"","state":"A","type":"R"},{"uuid":"Q2EV3CGL2IT34UAS24UZZDUOWU","firstName":"Bob","lastName":"","name":"Bob","email":"bob@example.com","avatar":"","state":"S","type":"R"},{"uuid":"SF6HEZYJXIRHC6BUFFZLHKLMDU","firstName":"Carol","lastName":"O'Neil","name":"Carol O'Neil","email":"carol@example.com","avatar":"","state":"A","type":"R"}]
        """;

    public const string Groups =
        """
        [{"uuid":"svb2hayslv7njfc4eadqzo6tr4","name":"Owners","desc":"Account owners.","state":"A","createdAt":"2019-03-01T09:00:00Z"},{"uuid":"bv6ayklorf32renq3e3mmbkxtu","name":"Engineering","desc":"","state":"A","createdAt":"2020-05-04T11:22:33Z"}]
        """;

    public const string Vaults =
        """
        [{"uuid":"d2k73hwo5xsmh5gwed5sg3mchi","name":"Shared"},{"uuid":"ggdybnlt5vabdg5ee4mq7wkbam","name":"Engineering"}]
        """;
}
