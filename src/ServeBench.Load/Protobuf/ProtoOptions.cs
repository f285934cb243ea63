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
            var name = Name(tokens);
            tokens.Expect("=");
            var value = Value(tokens);
            if (name is not null) options[name] = value;
        }
        while (tokens.Try(","));
        tokens.Expect("]");
    }

    /// <returns>Null where a part of it is in parentheses: the name of an extension.</returns>
    private static string? Name(ProtoTokens tokens)
    {
        string? name = null;
        var isOwn = true;
        do
        {
            if (tokens.Try("("))
            {
                isOwn = false;
                tokens.Name();
                tokens.Expect(")");
            }
            else
            {
                name = name is null ? tokens.Word() : $"{name}.{tokens.Word()}";
            }
        }
        while (tokens.Try("."));
        return isOwn ? name : null;
    }

    /// <summary>Texts, an aggregate in braces, or a number or word, whose sign, point and exponent are tokens of their own.</summary>
    private static string Value(ProtoTokens tokens)
    {
        if (tokens.IsText) return tokens.Text();
        if (tokens.Peek is "" or "]" or ";" or ",") throw tokens.Wrong("a value");
        if (tokens.Try("{"))
        {
            for (var depth = 1; depth > 0;)
            {
                if (tokens.Try("{")) depth++;
                else if (tokens.Try("}")) depth--;
                else tokens.Any();
            }
            return "";
        }
        var value = "";
        while (tokens.Peek is not ("" or "]" or ";" or "," or "=" or "{" or "}")) value += tokens.Any();
        return value;
    }
}
