package io.espalier.masks.codec;

/** Bytes are not those of a mask set, or not of one that fits here. */
public final class DamagedMaskException extends RuntimeException {
  public DamagedMaskException(String message) {
    super(message);
  }
}
