package io.espalier.configs;

/** How the numbers of an update travel. What rounding loses is sent with the next update. */
public enum UpdateEncoding {
  /** IEEE 754 binary32: exact. */
  FP32,
  /** IEEE 754 binary16. */
  FP16,
  /** One byte each with a scale per block. */
  INT8;

  /** Whether nothing is rounded. */
  public boolean isExact() {
    return this == FP32;
  }
}
