using System.Text;
using Microsoft.Net.Http.Headers;

namespace ServeBench.OnnxServer.Protocols;

/// <summary>The parts of a form with files (RFC 7578), where they lie in a body: their contents are not copied.</summary>
internal readonly ref struct MultipartForm
{
    private static readonly string[] Kept = ["content-disposition", "content-type"];

    private readonly ReadOnlySpan<byte> _body;
    private readonly byte[] _delimiter;

    private MultipartForm(ReadOnlySpan<byte> body, byte[] delimiter)
    {
        _body = body;
        _delimiter = delimiter;
    }

    /// <summary>True where the last boundary is missing.</summary>
    public bool IsCutOff => _body.LastIndexOf([.. _delimiter, (byte)'-', (byte)'-']) < 0;

    /// <summary>Takes a body for a form.</summary>
    /// <param name="contentType">The header Content-Type, which names the boundary.</param>
    /// <param name="body">The body.</param>
    /// <param name="form">The form.</param>
    /// <returns>False where no boundary is named, or the body does not begin with it.</returns>
    public static bool TryBegin(string contentType, ReadOnlySpan<byte> body, out MultipartForm form)
    {
        form = default;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)) return false;
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary);
        if (boundary.Length is 0 or > 70) return false;
        form = new MultipartForm(body, Encoding.Latin1.GetBytes($"\r\n--{boundary}"));
        return body.StartsWith(form._delimiter.AsSpan(2)) || body.IndexOf(form._delimiter) >= 0;
    }

    public Parts GetEnumerator() => new(_body, _delimiter);

    /// <summary>One part of a form.</summary>
    internal readonly ref struct Part(string name, bool isFile, bool isBroken, ReadOnlySpan<byte> content)
    {
        /// <summary>The field's name.</summary>
        public string Name => name;

        /// <summary>True where it has a filename, or is an image by its type.</summary>
        public bool IsFile => isFile;

        /// <summary>True where no empty line ends its headers.</summary>
        public bool IsBroken => isBroken;

        public ReadOnlySpan<byte> Content { get; } = content;

        public string Text => Encoding.UTF8.GetString(Content);
    }

    /// <summary>Goes through the parts.</summary>
    internal ref struct Parts(ReadOnlySpan<byte> body, byte[] delimiter)
    {
        // The first boundary may stand at the very beginning, without the line end before it.
        private ReadOnlySpan<byte> _rest = body.StartsWith(delimiter.AsSpan(2))
            ? body[(delimiter.Length - 2)..]
            : After(body, delimiter);

        public Part Current { get; private set; } = default;

        public bool MoveNext()
        {
            // What follows a boundary: two hyphens at the end, else a line end and the part's headers.
            if (_rest.IsEmpty || _rest.StartsWith("--"u8)) return false;
            var end = _rest.IndexOf(delimiter);
            var part = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? [] : _rest[(end + delimiter.Length)..];
            var headers = part.IndexOf("\r\n\r\n"u8);
            if (headers < 0)
            {
                Current = new Part("", isFile: false, isBroken: true, part);
                return true;
            }
            Current = Read(Encoding.Latin1.GetString(part[..headers]), part[(headers + 4)..]);
            return true;
        }

        private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> body, ReadOnlySpan<byte> delimiter)
        {
            var at = body.IndexOf(delimiter);
            return at < 0 ? [] : body[(at + delimiter.Length)..];
        }

        private static Part Read(string headers, ReadOnlySpan<byte> content)
        {
            string name = "";
            var isFile = false;
            foreach (var line in headers.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon < 0) continue;
                var (key, value) = (line[..colon].Trim().ToLowerInvariant(), line[(colon + 1)..].Trim());
                if (!Kept.Contains(key)) continue;
                if (key == Kept[1])
                {
                    isFile |= value.StartsWith("image/", StringComparison.OrdinalIgnoreCase);
                }
                else if (ContentDispositionHeaderValue.TryParse(value, out var disposition))
                {
                    name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
                    isFile |= disposition.FileName.HasValue || disposition.FileNameStar.HasValue;
                }
            }
            return new Part(name, isFile, isBroken: false, content);
        }
    }
}
