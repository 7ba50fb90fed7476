package io.espalier.actors.federation.simulation;

import io.espalier.masks.MaskSet;
import io.espalier.masks.codec.MaskCodec;
import java.util.Base64;

/**
 * The masks of one density tier as they change, and what it costs to bring a client up to date.
 *
 * <p>A server keeps the newest edition and the one before it: who holds that one gets what changed,
 * if it is shorter and the version tells the two apart; who holds an older one gets all.
 *
 * <p>Not thread-safe.
 */
final class MaskEditions {
  private MaskSet masks;
  private int edition;
  private int fullBytes;
  private int stepBytes;

  /**
   * Editions as they are kept.
   *
   * @param edition number of the newest, from 0
   * @param fullBytes of it
   * @param stepBytes from the edition before
   * @param masks as {@link MaskCodec} writes them in full, in Base64
   */
  record Stored(double cap, int edition, int fullBytes, int stepBytes, String masks) {}

  private MaskEditions(MaskSet masks, int edition, int fullBytes, int stepBytes) {
    this.masks = masks;
    this.edition = edition;
    this.fullBytes = fullBytes;
    this.stepBytes = stepBytes;
  }

  /** Edition 0, which everybody knows. */
  static MaskEditions of(MaskSet dense) {
    return new MaskEditions(dense, 0, 0, 0);
  }

  static MaskEditions of(Stored stored, MaskSet dense) {
    byte[] bytes = Base64.getDecoder().decode(stored.masks());
    return new MaskEditions(
        MaskCodec.decodeFull(bytes, dense.layout(), dense.parameters()),
        stored.edition(),
        stored.fullBytes(),
        stored.stepBytes());
  }

  Stored stored(double cap) {
    String text = Base64.getEncoder().encodeToString(MaskCodec.encodeFull(masks));
    return new Stored(cap, edition, fullBytes, stepBytes, text);
  }

  /** Takes over the masks of a round; an edition is one that differs from the last. */
  void advance(MaskSet next) {
    if (next.equals(masks)) {
      return;
    }
    byte[] full = MaskCodec.encodeFull(next);
    boolean later = next.version().compareTo(masks.version()) > 0;
    stepBytes = later ? MaskCodec.encode(masks, next).length : full.length;
    fullBytes = full.length;
    masks = MaskCodec.decodeFull(full, next.layout(), next.parameters());
    edition++;
  }

  MaskSet masks() {
    return masks;
  }

  int edition() {
    return edition;
  }

  /** What a client that holds an edition has to download. */
  int bytes(int held) {
    if (held == edition) {
      return 0;
    }
    return held == edition - 1 ? stepBytes : fullBytes;
  }
}
