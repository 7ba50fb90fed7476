package io.espalier.trainer.data;

/**
 * Windows of one text, which may overlap: an example is the tokens of a window, and the label of
 * each is the token behind it. The text is held once.
 */
final class TokenWindows implements RawValues, Labels {
  private final char[] tokens;
  private final int[] starts;
  private final int length;

  /** Takes ownership of {@code tokens}, numbers of tokens, and of {@code starts} into them. */
  TokenWindows(char[] tokens, int[] starts, int length) {
    this.tokens = tokens;
    this.starts = starts;
    this.length = length;
  }

  @Override
  public int rows() {
    return starts.length;
  }

  @Override
  public int rowLength() {
    return length;
  }

  @Override
  public int examples() {
    return starts.length;
  }

  @Override
  public int positions() {
    return length;
  }

  @Override
  public float at(int row, int index) {
    return tokens[starts[row] + index];
  }

  @Override
  public int label(int example, int position) {
    return tokens[starts[example] + position + 1];
  }

  @Override
  public void copy(int row, int from, int count, float[] target, int to) {
    int first = starts[row] + from;
    for (int i = 0; i < count; i++) {
      target[to + i] = tokens[first + i];
    }
  }

  @Override
  public void copyReversed(int row, int from, int count, float[] target, int to) {
    int last = starts[row] + from + count - 1;
    for (int i = 0; i < count; i++) {
      target[to + i] = tokens[last - i];
    }
  }

  @Override
  public TokenWindows select(int[] chosen) {
    int[] selected = new int[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      selected[i] = starts[chosen[i]];
    }
    return new TokenWindows(tokens, selected, length);
  }

  @Override
  public RawValues rearrange(int[] sources) {
    throw new UnsupportedOperationException("the order of a text's tokens must stay");
  }
}
