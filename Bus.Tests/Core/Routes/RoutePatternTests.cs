using Bus.Core.Client;
using Bus.Core.Routes;

namespace Bus.Tests.Core.Routes;

public sealed class RoutePatternTests
{
    [Theory]
    [InlineData("/", "/", "")]
    [InlineData("/", "", "")]
    [InlineData("/users", "/Users", "")]
    [InlineData("/users", "/users/", "")]
    [InlineData("/users/", "/users", "")]
    [InlineData("/users/:id", "/users/42", "id: 42")]
    [InlineData("/users/:id", "/users/a%20b%2Fc?x=1", "id: a b/c")]
    [InlineData("/users/:id", "/users/%C3%A4", "id: ä")]
    [InlineData("/users/:id?", "/users", "")]
    [InlineData("/users/:id?", "/users/7", "id: 7")]
    [InlineData("/:a?/users/:b", "/users/7", "b: 7")]
    [InlineData("/:a?/users/:b", "/x/users/7", "a: x; b: 7")]
    [InlineData("/files/*", "/files", "")]
    [InlineData("/files/*", "/files/a/b", "")]
    [InlineData("/files/*path", "/files", "")]
    [InlineData("/files/*path", "/files/a//b", "path: a; path: ; path: b")]
    [InlineData("/files/:path+", "/files/a/b", "path: a; path: b")]
    [InlineData("/files/:path*", "/files", "")]
    [InlineData("/*/end", "/a/end/end", "")]
    [InlineData("/*a/x/*b", "/x/y/x/z", "a: x; a: y; b: z")]
    [InlineData("/n/:id(int)", "/n/-42", "id: -42")]
    [InlineData("/n/:id(decimal)", "/n/1.5", "id: 1.5")]
    [InlineData("/n/:id(int, min=1, max=10)?", "/n/10", "id: 10")]
    [InlineData("/n/:id(guid)", "/n/b1b9a0b0-6f9d-4c62-93a5-0f6d35b3a001", "id: b1b9a0b0-6f9d-4c62-93a5-0f6d35b3a001")]
    [InlineData("/n/:on(bool)", "/n/True", "on: True")]
    [InlineData("/n/:day(date)", "/n/2026-02-28", "day: 2026-02-28")]
    [InlineData("/n/:kind(in=cat|dog)", "/n/dog", "kind: dog")]
    [InlineData("/n/:name(alpha,length=3)", "/n/abc", "name: abc")]
    [InlineData("/n/:all(int)+", "/n/1/2/3", "all: 1; all: 2; all: 3")]
    [InlineData("/n/:code(minlength=5,regex=[a-z]{2,3}(-[0-9]+)?)?", "/n/ab-12", "code: ab-12")]
    [InlineData("/%3Aid/c++", "/:id/c%2B%2B", "")]
    public void It_matches(string pattern, string path, string parameters) => Assert.Equal(parameters, RoutePattern.Parse(pattern).Match(path)?.ToString());

    [Theory]
    [InlineData("/users", "/user")]
    [InlineData("/users", "/users/7")]
    [InlineData("/users/:id", "/users")]
    [InlineData("/users/:id", "/users//")]
    [InlineData("/users/:id", "/users/7/8")]
    [InlineData("/files/:path+", "/files")]
    [InlineData("/files/:path+", "/files/a//b")]
    [InlineData("/n/:id(int)", "/n/4x")]
    [InlineData("/n/:id(int)", "/n/99999999999999999999")]
    [InlineData("/n/:id(int,min=1)", "/n/0")]
    [InlineData("/n/:id(guid)", "/n/b1b9")]
    [InlineData("/n/:day(date)", "/n/2026-02-30")]
    [InlineData("/n/:kind(in=cat|dog)", "/n/Dog")]
    [InlineData("/n/:name(alpha,length=3)", "/n/ab1")]
    [InlineData("/n/:all(int)+", "/n/1/b/3")]
    [InlineData("/n/:id(int,regex=1.?)", "/n/21")]
    [InlineData("/n/:id(min=20,regex=1.?)", "/n/12")]
    [InlineData("/n/:id(regex=a|b)", "/n/ab")]
    [InlineData("/n/:id(regex=a)", "/n/a%0A")]
    [InlineData("/n/:id(regex=A)", "/n/a")]
    public void It_does_not_match(string pattern, string path) => Assert.Null(RoutePattern.Parse(pattern).Match(path));

    [Fact]
    public void Letter_case_and_a_slash_at_the_end_count_where_one_wants_it()
    {
        var options = new RouterOptions { CaseSensitive = true, Strict = true };

        Assert.Null(RoutePattern.Parse("/users", options).Match("/Users"));
        Assert.Null(RoutePattern.Parse("/users", options).Match("/users/"));
        Assert.Null(RoutePattern.Parse("/users/", options).Match("/users"));
        Assert.NotNull(RoutePattern.Parse("/users/", options).Match("/users/"));
        Assert.NotNull(RoutePattern.Parse("/users/*", options).Match("/users/a/"));
    }

    [Theory]
    [InlineData("users", "does not begin with a slash")]
    [InlineData("/a//b", "segment 2, '', is empty")]
    [InlineData("/a/{id}", "a parameter is written :name")]
    [InlineData("/a/x:id", "holds ':' within a literal")]
    [InlineData("/a/:id.json", "is not made of letters")]
    [InlineData("/a/:", "is not made of letters")]
    [InlineData("/a/:1", "begins with a digit")]
    [InlineData("/a/:id(int", "a bracket that is not closed")]
    [InlineData("/a/:id(integer)", "the constraint 'integer' is unknown; there are int,")]
    [InlineData("/a/:id(min=x)", "the constraint 'min=x' is unknown")]
    [InlineData("/a/:id(regex=[a)", "has a regular expression that cannot be used: ")]
    [InlineData("/a/:id(regex=a)|(b)", "has a regular expression that cannot be used: ")]
    [InlineData("/a/:id(regex=(?=a))", "has a regular expression that cannot be used: ")]
    [InlineData("/a/:id(int,regex=a", "a bracket that is not closed")]
    [InlineData("/a/:id(int)x", "has 'x' behind the parameter")]
    [InlineData("/:id/b/:id", "the parameter 'id' occurs twice")]
    [InlineData("/a%2", "is not percent-encoded")]
    public void What_is_no_pattern_is_refused_with_the_place(string pattern, string reason) =>
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => RoutePattern.Parse(pattern)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("/a%")]
    [InlineData("/a%2")]
    [InlineData("/%zz")]
    [InlineData("/%ff")]
    [InlineData("/%C3")]
    [InlineData("/a?x=%")]
    public void A_path_that_is_not_encoded_well_is_the_fault_of_the_caller(string path)
    {
        var error = Assert.Throws<RemoteErrorException>(() => RoutePath.Parse(path, 100));

        Assert.Equal((400, "bad-request"), (error.Code, error.Error));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("a=1&b=2&a=3", "a: 1; b: 2; a: 3")]
    [InlineData("flag&=x&&empty=", "flag: ; : x; empty: ")]
    [InlineData("q=a+b%20c%2Bd&n%61me=v=w?x", "q: a b c+d; name: v=w?x")]
    public void A_query_is_read_as_that_of_a_form(string query, string values) => Assert.Equal(values, RoutePath.Parse($"/x?{query}", 1000).Query.ToString());

    [Fact]
    public void Values_are_read_as_what_one_needs()
    {
        var query = RoutePath.Parse("/?n=5&n=6&on=true", 1000).Query;

        Assert.Equal((5, true, 7), (query.Get<int>("n"), query.Get<bool>("on"), query.Get("missing", 7)));
        Assert.Equal(["5", "6"], query.GetValues("n"));
        Assert.Null(query["N"]);
        Assert.Contains("the query 'on' is 'true', which cannot be read as Int32", Assert.Throws<RemoteErrorException>(() => query.Get("on", 1)).Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(400, Assert.Throws<RemoteErrorException>(() => query.Get<Guid>("missing")).Code);
        Assert.Equal("a/b", RoutePattern.Parse("/*rest").Match("/a/b")!["rest"]);
    }

    [Fact]
    public void Many_wildcards_on_a_long_path_take_no_time()
    {
        var pattern = RoutePattern.Parse(string.Concat(Enumerable.Range(0, 20).Select(n => $"/*a{n}/x")) + "/end");

        // Without a memory for what failed this would be tried in 10^20 ways.
        Assert.Null(pattern.Match(string.Concat(Enumerable.Repeat("/x", 400))));
        Assert.NotNull(pattern.Match(string.Concat(Enumerable.Repeat("/x", 400)) + "/end"));
    }
}
