package io.espalier.masks.codec;

import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import java.util.ArrayList;
import java.util.List;

/**
 * Mask sets as bytes near their entropy, framed by a {@link Header}.
 *
 * <p>A full set is one {@link BitSetCodec} mask per parameter. A delta has two: the units pruned,
 * numbered within those that were kept, and the units returned, numbered within those that were
 * not; so a set that only shrinks pays for kept units alone. Decoding checks lengths, checksum,
 * layout, base and counts, allocates no more than the masks of the given layout, and throws {@link
 * DamagedMaskException} for anything else.
 */
public final class MaskCodec {
  private static final int FRAME_BYTES = 64;
  private static final int MASK_BYTES = 16;

  private MaskCodec() {}

  public static byte[] encodeFull(MaskSet set) {
    return Header.full(set.version(), set.layout()).frame(bytes(codings(set)));
  }

  /** The change from one set to a later one of the same layout. */
  public static byte[] encodeDelta(MaskSet from, MaskSet to) {
    return Header.delta(to.version(), from).frame(bytes(codings(from, to)));
  }

  public static byte[] encode(MaskSet from, MaskSet to) {
    List<Coding> delta = codings(from, to);
    List<Coding> full = codings(to);
    return Header.Kind.FULL.frameBytes(bits(full)) < Header.Kind.DELTA.frameBytes(bits(delta))
        ? Header.full(to.version(), to.layout()).frame(bytes(full))
        : Header.delta(to.version(), from).frame(bytes(delta));
  }

  private static List<Coding> codings(MaskSet set) {
    return set.masks().stream().map(Coding::of).toList();
  }

  private static List<Coding> codings(MaskSet from, MaskSet to) {
    if (!from.layout().equals(to.layout())
        || !from.parameters().equals(to.parameters())
        || from.version().compareTo(to.version()) >= 0) {
      throw new IllegalArgumentException(
          "a delta must lead to a later set of the same layout: from=%s, to=%s"
              .formatted(from, to));
    }
    List<Coding> codings = new ArrayList<>();
    for (int p = 0; p < to.masks().size(); p++) {
      Mask before = from.masks().get(p);
      Mask after = to.masks().get(p);
      Mask gone = Mask.allKept(before.size()).andNot(before);
      codings.add(Coding.of(Subset.compress(before, before.andNot(after))));
      codings.add(Coding.of(Subset.compress(gone, after.andNot(before))));
    }
    return codings;
  }

  private static long bits(List<Coding> codings) {
    return codings.stream().mapToLong(Coding::bits).sum();
  }

  private static byte[] bytes(List<Coding> codings) {
    BitWriter out = new BitWriter(bits(codings));
    codings.forEach(coding -> coding.write(out));
    return out.toBytes();
  }

  /** Decodes {@link #encodeFull} for the given prunable parameters of a layout. */
  public static MaskSet decodeFull(byte[] bytes, Layout layout, List<ParameterId> parameters) {
    MaskSet dense = MaskSet.dense(layout, parameters);
    requireLength(bytes, dense);
    Header header = Header.read(bytes);
    header.requireFull(layout);
    return readFull(header, bytes, dense);
  }

  /** Decodes {@link #encodeDelta} relative to the same set. */
  public static MaskSet decodeDelta(byte[] bytes, MaskSet from) {
    requireLength(bytes, from);
    Header header = Header.read(bytes);
    header.requireDeltaOf(from);
    return readDelta(header, bytes, from);
  }

  /** Decodes {@link #encode} relative to the same set. */
  public static MaskSet decode(byte[] bytes, MaskSet from) {
    requireLength(bytes, from);
    return Header.read(bytes).kind() == Header.Kind.FULL
        ? decodeFull(bytes, from.layout(), from.parameters())
        : decodeDelta(bytes, from);
  }

  private static MaskSet readFull(Header header, byte[] bytes, MaskSet dense) {
    BitReader in = header.masks(bytes);
    List<Mask> masks = new ArrayList<>();
    for (Mask mask : dense.masks()) {
      masks.add(BitSetCodec.read(mask.size(), in));
    }
    in.requireEnd();
    return MaskSet.of(header.version(), dense.layout(), dense.parameters(), masks);
  }

  private static MaskSet readDelta(Header header, byte[] bytes, MaskSet from) {
    BitReader in = header.masks(bytes);
    List<Mask> masks = new ArrayList<>();
    for (Mask before : from.masks()) {
      Mask gone = Mask.allKept(before.size()).andNot(before);
      Mask pruned = Subset.expand(before, BitSetCodec.read(before.kept(), in));
      Mask returned = Subset.expand(gone, BitSetCodec.read(gone.kept(), in));
      masks.add(before.andNot(pruned).or(returned));
    }
    in.requireEnd();
    return MaskSet.of(header.version(), from.layout(), from.parameters(), masks);
  }

  /** No mask takes more than one bit per unit beside its counts, in a delta as in a full set. */
  private static void requireLength(byte[] bytes, MaskSet held) {
    long most = FRAME_BYTES;
    for (Mask mask : held.masks()) {
      most += MASK_BYTES + mask.size() / 8L;
    }
    if (bytes.length > most) {
      throw new DamagedMaskException(
          "mask bytes must fit the layout: bytes=%d, most=%d".formatted(bytes.length, most));
    }
  }
}
