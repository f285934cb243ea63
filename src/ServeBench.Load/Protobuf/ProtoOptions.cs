namespace ServeBench.Load.Protobuf;

/// <summary>Options in brackets, of which those with simple names are remembered: <c>[packed = false, json_name = "x"]</c>.</summary>
internal static class ProtoOptions
{
    /// <param name="tokens">At the brackets, where there are any.</param>
    /// <param name="options">Gets the names and values.</param>
    public static void Read(ProtoTokens tokens, Dictionary<string, string> options)
    {
        if (!tokens.Try("[")) return;
        do
        {
            var isOwn = tokens.Try("(");
            var name = tokens.Name();
            if (isOwn)
            {
                tokens.Expect(")");
                while (tokens.Try(".")) tokens.Word();
            }
            tokens.Expect("=");
            var value = Value(tokens);
            if (!isOwn) options[name] = value;
        }
        while (tokens.Try(","));
        tokens.Expect("]");
    }

    private static string Value(ProtoTokens tokens)
    {
        if (tokens.Peek is "" or "]" or ";" or ",") throw tokens.Wrong("a value");
        var value = tokens.Any();
        if (value == "{")
            for (var depth = 1; depth > 0;) depth += tokens.Any() switch { "{" => 1, "}" => -1, _ => 0 };
        else if (value is "-" or "+")
            value += tokens.Any();
        while (tokens.Try(".")) value += $".{tokens.Any()}";
        return value;
    }
}
