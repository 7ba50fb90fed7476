package io.espalier.masks;

/** Number of mask updates that led to a mask set; 0 is the dense network. */
public record MaskVersion(int number) implements Comparable<MaskVersion> {
  public static final MaskVersion DENSE = new MaskVersion(0);

  public MaskVersion {
    if (number < 0) {
      throw new IllegalArgumentException("a mask version must be 0 or more: number=" + number);
    }
  }

  public MaskVersion next() {
    return new MaskVersion(Math.addExact(number, 1));
  }

  @Override
  public int compareTo(MaskVersion other) {
    return Integer.compare(number, other.number);
  }

  @Override
  public String toString() {
    return Integer.toString(number);
  }
}
