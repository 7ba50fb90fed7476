package io.espalier.trainer.data.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;

/**
 * The map of characters of a Precompiled normalizer: a double-array trie of UTF-8 (Aoe, 1989),
 * whose values are offsets of texts that end with a zero byte. The library follows it without a
 * check.
 */
final class CharacterMap {
  private static final int MOST_BASE64 = 4 << 20;
  private static final int MOST_REPLACEMENT_BYTES = 256;

  private final int[] units;
  private final byte[] texts;

  private CharacterMap(int[] units, byte[] texts) {
    this.units = units;
    this.texts = texts;
  }

  /** Throws {@link IllegalArgumentException} if a key leads out of the map. */
  static void require(TokenizerPart normalizer) {
    TokenizerPart map = normalizer.at("precompiled_charsmap");
    String base64 = map.text(1, MOST_BASE64);
    boolean sound;
    try {
      ByteBuffer in =
          ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
      int trieBytes = in.remaining() < Integer.BYTES ? -1 : in.getInt();
      sound = trieBytes > 0 && trieBytes % Integer.BYTES == 0 && trieBytes <= in.remaining();
      if (sound) {
        int[] units = new int[trieBytes / Integer.BYTES];
        in.asIntBuffer().get(units);
        byte[] texts = new byte[in.remaining() - trieBytes];
        in.position(in.position() + trieBytes).get(texts);
        sound = new CharacterMap(units, texts).isSound();
      }
    } catch (IllegalArgumentException e) {
      sound = false;
    }
    if (!sound) {
      throw map.problem(
          "must be a map of characters as SentencePiece writes it, with texts of at most %d bytes"
              .formatted(MOST_REPLACEMENT_BYTES));
    }
  }

  /** Visits each place that any bytes can lead to. */
  private boolean isSound() {
    BitSet known = new BitSet(units.length);
    Deque<Integer> open = new ArrayDeque<>();
    int root = offset(units[0]);
    if (!isInside(root)) {
      return false;
    }
    known.set(root);
    open.add(root);
    while (!open.isEmpty()) {
      int base = open.remove();
      for (int label = 1; label < 256; label++) {
        int place = base ^ label;
        if (!isInside(place)) {
          return false;
        }
        if ((units[place] & 0x800000ff) == label) {
          int next = place ^ offset(units[place]);
          boolean leaf = (units[place] >>> 8 & 1) == 1;
          if (!isInside(next) || (leaf && !isText(units[next] & Integer.MAX_VALUE))) {
            return false;
          }
          if (!known.get(next)) {
            known.set(next);
            open.add(next);
          }
        }
      }
    }
    return isUtf8();
  }

  private static int offset(int unit) {
    return (unit >>> 10) << ((unit & 1 << 9) >> 6);
  }

  private boolean isInside(int place) {
    return place >= 0 && place < units.length;
  }

  private boolean isText(int begin) {
    if (begin >= texts.length || (texts[begin] & 0xc0) == 0x80) {
      return false;
    }
    int end = begin;
    while (end < texts.length && texts[end] != 0) {
      end++;
    }
    return end - begin <= MOST_REPLACEMENT_BYTES;
  }

  private boolean isUtf8() {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(texts));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
