using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace Bus.Contracts.Writing;

/// <summary>Lines of C#, indented by the braces around them.</summary>
internal sealed class CodeBuilder
{
    private const int Width = 4;

    private readonly StringBuilder _text = new();
    private int _depth;

    public static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    public void Line(string text = "")
    {
        if (text.Length > 0) _text.Append(' ', _depth * Width).Append(text);
        _text.Append('\n');
    }

    public void Open(string head)
    {
        Line(head);
        Line("{");
        _depth++;
    }

    /// <param name="tail">Behind the brace.</param>
    public void Close(string tail = "")
    {
        _depth--;
        Line($"}}{tail}");
    }

    public override string ToString() => _text.ToString();
}
