package io.espalier.configs.federation;

/** How the numbers of an update travel. */
public enum UpdateEncoding {
  /** IEEE 754 binary32: exact. */
  FLOAT32,
  /** IEEE 754 binary16. */
  FLOAT16,
  /** One byte each with a scale per block; what rounding loses is sent with the next update. */
  INT8
}
