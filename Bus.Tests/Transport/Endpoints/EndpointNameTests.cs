using Bus.Transport.Endpoints;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Transport.Endpoints;

public sealed class EndpointNameTests
{
    private const string Directory = "/srv/bus";

    // Pieces that are likely to break out of a directory, and pieces of good names.
    private static readonly Gen<string> Texts = Gen.Elements("a", "B", "0", "_", "-", ".", "..", "/", "@", "\\", ":", "~", "%2e", " ", "\0", "\n", "é", "pipe", "shop", "orders", ".sock")
        .ListOf().Select(string.Concat);

    private static readonly Gen<string> Parts = Gen.Elements('a', 'Z', '7', '_').SelectMany(
        _ => Gen.Elements('a', 'z', 'A', 'Z', '0', '9', '_', '-', '.').ListOf(),
        (first, rest) => new string([first, .. rest.Take(63)]));

    private static readonly Gen<EndpointName> Names = Gen.Elements(false, true).SelectMany(_ => Parts, (hasDomain, name) => (hasDomain, name))
        .SelectMany(_ => Parts, (parts, domain) => new EndpointName(parts.hasDomain ? domain : null, parts.name));

    [Fact]
    public void Whatever_is_read_stays_in_the_directory_and_reads_back() => Prop.ForAll(Texts.ToArbitrary(), text =>
    {
        if (!EndpointName.TryParse(text, out var name, out var problem)) return problem.Length > 0;
        return text == name.ToString() && Path.GetDirectoryName(Path.GetFullPath(Path.Combine(Directory, name.FileName + ".sock"))) == Directory && name.FileName[0] != '.';
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_name_reads_as_itself() => Prop.ForAll(Names.ToArbitrary(), name =>
        EndpointName.TryParse(name.ToString(), out var read, out _) && read == name).QuickCheckThrowOnFailure();

    [Fact]
    public void Two_names_never_meet_in_one_file() => Prop.ForAll(Names.ToArbitrary(), Names.ToArbitrary(), (one, other) =>
        one == other || one.FileName != other.FileName).QuickCheckThrowOnFailure();

    [Fact]
    public void A_pipe_is_written_as_it_is_read() => Prop.ForAll(Names.ToArbitrary(), name =>
    {
        var endpoint = BusEndpoint.Parse($"pipe://{name}", Directory);
        return endpoint.Scheme == BusScheme.Pipe && endpoint.PipeName == name.ToString() && endpoint.Path == $"{Directory}/{name.FileName}.pipe" && BusEndpoint.Parse(endpoint.ToString(), Directory) == endpoint;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Whatever_a_url_is_reading_it_never_throws_and_an_error_says_what_is_accepted() => Prop.ForAll(Texts.ToArbitrary(), text =>
        BusEndpoint.TryParse(text, out _, out var error) ? error is null : error.Length > 0).QuickCheckThrowOnFailure();

    [Fact]
    public void The_longest_name_is_read_and_a_longer_one_refused_with_its_length()
    {
        Assert.True(EndpointName.TryParse(new string('x', 64), out _, out _));
        Assert.False(EndpointName.TryParse(new string('x', 65), out _, out var problem));
        Assert.Contains("has 65 characters", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("orders", "joe", "joe/orders")]
    [InlineData("shop/orders", "joe", "joe.shop/orders")]
    [InlineData("orders", "-Jöe Doe", "J_e_Doe/orders")]
    public void On_Windows_a_name_is_in_a_domain_of_the_user(string text, string user, string expected)
    {
        Assert.True(EndpointName.TryParse(text, out var name, out _));
        Assert.Equal(expected, name.OfUser(user).ToString());
    }
}
