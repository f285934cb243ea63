namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images;

/// <summary>Takes the rows of an image as they are decoded.</summary>
internal interface IPixelRows
{
    /// <summary>Pixels behind a row that vector instructions may write and read.</summary>
    const int Slack = 32;

    /// <summary>What of the image is looked at.</summary>
    PixelArea Wanted { get; }

    /// <summary>
    /// Room for the wanted columns of one row: red in the lowest byte of a pixel, then green, blue, and a byte that does not matter. It
    /// is longer than they are, by <see cref="Slack"/> at least; what is written there does not matter, either.
    /// </summary>
    Span<uint> Room { get; }

    /// <summary>Takes what is in <see cref="Room"/> as a wanted row; each is given once, in order.</summary>
    void Commit(int row);
}
