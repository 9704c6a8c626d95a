using System.Text.RegularExpressions;
using Bus.Core.Routes;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Core.Routes;

/// <summary>The matcher of patterns against a regular expression that means the same.</summary>
public sealed class RoutePatternProperties
{
    // The first of each pair is put into the pattern, the second into the expression. Names are added by position.
    private static readonly (string Pattern, string Expression)[] Tokens =
    [
        ("a", "(?:/a)"),
        ("b", "(?:/b)"),
        (":N", "(?:/(?<N>[^/]+))"),
        (":N?", "(?:/(?<N>[^/]+))?"),
        (":N+", "(?<N>(?:/[^/]+)+)"),
        (":N*", "(?<N>(?:/[^/]*)*)"),
        ("*N", "(?<N>(?:/[^/]*)*)"),
        ("*", "(?:/[^/]*)*"),
        (":N(int)", "(?:/(?<N>[0-9]+))"),
        (":N(alpha)?", "(?:/(?<N>[a-z]+))?"),
    ];

    private static readonly Gen<(string Pattern, string Expression)> AnyPattern =
        from tokens in Gen.Elements(Tokens).ListOf()
        let some = tokens.Take(6).Select((token, at) => (Pattern: token.Pattern.Replace("N", $"n{at}"), Expression: token.Expression.Replace("N", $"n{at}"))).ToArray()
        select ($"/{string.Join('/', some.Select(token => token.Pattern))}", string.Concat(some.Select(token => token.Expression)));

    private static readonly Gen<string> AnyPath =
        from segments in Gen.Elements("a", "b", "c", "1", "12", "").ListOf()
        let some = segments.Take(8).ToList()
        // A slash at the end makes no segment: the last one is not empty.
        select some.Count == 0 || some[^1].Length == 0 ? "/" + string.Join('/', some.Append("a")) : "/" + string.Join('/', some);

    [Fact]
    public void It_finds_what_a_regular_expression_finds() =>
        Prop.ForAll((from pattern in AnyPattern from path in AnyPath select (pattern, path)).ToArbitrary(), input =>
        {
            var ((pattern, expression), path) = input;
            var expected = Regex.IsMatch(path, $"^{expression}$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking, TimeSpan.FromSeconds(5))
                ? Regex.Match(path, $"^{expression}$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(20))
                : Match.Empty;
            var found = RoutePattern.Parse(pattern).Match(path);
            if (found is null || !expected.Success) return (found is null && !expected.Success).Label($"{pattern} {path}: {found}, expected {expected.Success}");
            var values = expected.Groups.Cast<Group>().Where(group => group.Name.StartsWith('n') && group is { Success: true, Length: > 0 }).Select(group => $"{group.Name}={group.Value.TrimStart('/')}");
            var names = found.Select(value => value.Key).Distinct(StringComparer.Ordinal).Select(name => $"{name}={found[name]!.TrimStart('/')}");
            return values.Order(StringComparer.Ordinal).SequenceEqual(names.Order(StringComparer.Ordinal)).Label($"{pattern} {path}: {found}, expected {string.Join("; ", values)}");
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_is_a_pattern_or_is_refused_and_any_path_is_read_or_is_refused() =>
        Prop.ForAll((from one in Odd from other in Odd select (one, other)).ToArbitrary(), input =>
        {
            RoutePattern? pattern = null;
            try
            {
                pattern = RoutePattern.Parse(input.one);
            }
            catch (ArgumentException)
            {
                // It says why.
            }

            try
            {
                (pattern ?? RoutePattern.Parse("/*")).Match(input.other);
            }
            catch (global::Bus.Core.Client.RemoteErrorException e)
            {
                Assert.Equal(400, e.Code);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_regular_expression_fits_what_it_means_and_only_the_whole_segment() =>
        Prop.ForAll((from expression in Expression(4) from value in Gen.Elements('a', 'b').NonEmptyListOf() select (expression, value: string.Concat(value.Take(12)))).ToArbitrary(), input =>
        {
            var (expression, value) = input;
            var found = RoutePattern.Parse($"/:v(minlength=1,regex={expression.Text})").Match("/" + value) is not null;
            return (found == expression.Ends(value, 0).Contains(value.Length)).Label($"{expression.Text} {value}: {found}");
        }).QuickCheckThrowOnFailure();

    /// <summary>An expression, and where in a text it can end that begins at a place.</summary>
    private sealed record Model(string Text, Func<string, int, IEnumerable<int>> Ends);

    private static Gen<Model> Expression(int depth)
    {
        var letter = from c in Gen.Elements('a', 'b') select new Model($"{c}", (text, at) => at < text.Length && text[at] == c ? [at + 1] : []);
        if (depth == 0) return letter;
        var inner = Expression(depth - 1);
        return Gen.OneOf(
            letter,
            from first in inner from second in inner select new Model($"{first.Text}{second.Text}", (text, at) => first.Ends(text, at).SelectMany(next => second.Ends(text, next)).Distinct()),
            from first in inner from second in inner select new Model($"({first.Text}|{second.Text})", (text, at) => first.Ends(text, at).Concat(second.Ends(text, at)).Distinct()),
            from one in inner from most in Gen.Choose(0, 3) select new Model($"({one.Text}){{0,{most}}}", (text, at) => Repeated(one, text, at, most)));
    }

    private static HashSet<int> Repeated(Model one, string text, int at, int most)
    {
        var (all, last) = (new HashSet<int> { at }, (IEnumerable<int>)[at]);
        for (var i = 0; i < most; i++)
        {
            last = [.. last.SelectMany(next => one.Ends(text, next)).Distinct()];
            all.UnionWith(last);
        }

        return all;
    }

    private static Gen<string> Odd => Gen.Elements("/", ":a", "*", "+", "?", "(", ")", "(int)", "%", "%41", "%C3%A4", "%ff", "x", "=", "&", "#", "\r\n", "ü").ListOf().Select(parts => "/" + string.Concat(parts));
}
