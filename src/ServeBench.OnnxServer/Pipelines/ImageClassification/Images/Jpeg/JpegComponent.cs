namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Jpeg;

/// <summary>One colour of a JPEG file: how it is sampled and coded, and its samples or coefficients as far as they are decoded.</summary>
internal sealed class JpegComponent
{
    public const int Block = 8;
    public const int BlockSize = Block * Block;

    /// <summary>Rows behind the last one that vector instructions may read.</summary>
    private const int Slack = 64;

    private byte[] _samples = [];
    private short[] _coefficients = [];

    public int Id { get; set; }

    /// <summary>Blocks of a unit, across and down.</summary>
    public int Across { get; set; }

    /// <inheritdoc cref="Across"/>
    public int Down { get; set; }

    public int QuantiserId { get; set; }

    /// <summary>What coefficients are multiplied by, row by row; fixed when its first scan begins.</summary>
    public int[] Quantiser { get; } = new int[BlockSize];

    public bool HasQuantiser { get; set; }

    public HuffmanTable Dc { get; set; } = null!;

    public HuffmanTable Ac { get; set; } = null!;

    /// <summary>The last block's first coefficient, of which the next one's is a difference.</summary>
    public int Predictor { get; set; }

    /// <summary>Samples in a row and rows, without those that only fill blocks up.</summary>
    public int Width { get; private set; }

    /// <inheritdoc cref="Width"/>
    public int Height { get; private set; }

    /// <summary>Blocks in a row and rows of them that hold samples; a scan of this component alone has these.</summary>
    public int BlocksAcross => (Width + Block - 1) / Block;

    /// <inheritdoc cref="BlocksAcross"/>
    public int BlocksDown => (Height + Block - 1) / Block;

    /// <summary>Blocks in a row of whole units.</summary>
    public int Stride { get; private set; }

    /// <summary>The first and the one after the last block of a row that anything is wanted of.</summary>
    public int FirstBlock { get; set; }

    /// <inheritdoc cref="FirstBlock"/>
    public int EndBlock { get; set; }

    /// <summary>Takes its place in an image, and makes room for two rows of units.</summary>
    public void Lay(ImageSize image, int mostAcross, int mostDown, int unitsAcross)
    {
        Width = (int)(((long)image.Width * Across + mostAcross - 1) / mostAcross);
        Height = (int)(((long)image.Height * Down + mostDown - 1) / mostDown);
        Stride = unitsAcross * Across;
        var needed = (2 * Down * Block * Stride * Block) + Slack;
        if (_samples.Length < needed) _samples = new byte[needed];
    }

    /// <summary>Makes room for all coefficients, which are zeros then.</summary>
    public void KeepCoefficients(int unitsDown)
    {
        var needed = Stride * unitsDown * Down * BlockSize;
        if (_coefficients.Length < needed) _coefficients = new short[needed];
        else Array.Clear(_coefficients, 0, needed);
    }

    /// <summary>The coefficients of a block, row by row.</summary>
    public Span<short> Coefficients(int row, int column) =>
        _coefficients.AsSpan(((row * Stride) + column) * BlockSize, BlockSize);

    /// <summary>Samples of a row; the two last rows of units are kept.</summary>
    public Span<byte> Row(int row) => _samples.AsSpan(row % (2 * Down * Block) * Stride * Block);

    /// <summary>Samples in memory from one row to the next.</summary>
    public int RowLength => Stride * Block;

    /// <summary>Gives back what a large image has taken.</summary>
    public void Trim(int kept)
    {
        if (_samples.Length > kept) _samples = [];
        if (_coefficients.Length > kept) _coefficients = [];
    }
}
