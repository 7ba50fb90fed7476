package io.espalier.masks.codec;

import io.espalier.masks.Layout;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import java.util.List;

/** Mask sets as bytes. */
@SuppressWarnings("DoNotCallSuggester")
public final class MaskCodec {
  private MaskCodec() {}

  public static byte[] encodeFull(MaskSet set) {
    throw new UnsupportedOperationException();
  }

  public static byte[] encodeDelta(MaskSet from, MaskSet to) {
    throw new UnsupportedOperationException();
  }

  public static byte[] encode(MaskSet from, MaskSet to) {
    throw new UnsupportedOperationException();
  }

  public static MaskSet decodeFull(byte[] bytes, Layout layout, List<ParameterId> parameters) {
    throw new UnsupportedOperationException();
  }

  public static MaskSet decodeDelta(byte[] bytes, MaskSet from) {
    throw new UnsupportedOperationException();
  }

  public static MaskSet decode(byte[] bytes, MaskSet from) {
    throw new UnsupportedOperationException();
  }
}
