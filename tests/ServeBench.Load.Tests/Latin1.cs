namespace ServeBench.Load.Tests;

/// <summary>Bytes as text, one character each. (ServeBench.Load.Encoding hides the class of that name here.)</summary>
internal static class Latin1
{
    public static byte[] Bytes(string text) => System.Text.Encoding.Latin1.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> bytes) => System.Text.Encoding.Latin1.GetString(bytes);
}
