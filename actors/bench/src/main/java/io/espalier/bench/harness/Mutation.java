package io.espalier.bench.harness;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Makes valid bytes hostile: flips, cuts, inserts, repeats, joins. Not thread-safe. */
public final class Mutation {
  private static final int MOST_CHANGES = 4;
  private static final int LONGEST_INSERT = 64;
  private static final int[] EVIL = {0x00, 0x01, 0x7f, 0x80, 0xff};

  private final RandomGenerator random;

  private Mutation(RandomGenerator random) {
    this.random = random;
  }

  /** The mutation of one attack; those of neighbouring seeds have nothing in common. */
  public static Mutation of(long seed, long attack) {
    long mixed = new SplittableRandom(new SplittableRandom(seed).nextLong() + attack).nextLong();
    return new Mutation(new Random(mixed));
  }

  /** A changed copy of one of {@code valid}, often near its start, where headers are. */
  public byte[] next(List<byte[]> valid) {
    byte[] bytes = any(valid).clone();
    int changes = 1 + random.nextInt(MOST_CHANGES);
    for (int change = 0; change < changes && bytes.length > 1; change++) {
      bytes = change(bytes, valid);
    }
    return bytes;
  }

  private byte[] change(byte[] bytes, List<byte[]> valid) {
    int at = position(bytes.length);
    switch (random.nextInt(8)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) EVIL[random.nextInt(EVIL.length)];
      case 2 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 3 -> {
        return joined(bytes, at, noise(), at);
      }
      case 4 -> {
        int to = Math.min(bytes.length, at + 1 + random.nextInt(LONGEST_INSERT));
        return joined(bytes, at, new byte[0], to);
      }
      case 5 -> {
        int from = random.nextInt(at + 1);
        return joined(bytes, at, Arrays.copyOfRange(bytes, from, at), at);
      }
      case 6 -> {
        byte[] other = any(valid);
        byte[] tail = Arrays.copyOfRange(other, random.nextInt(other.length), other.length);
        return joined(bytes, at, tail, bytes.length);
      }
      default -> {
        int to = Math.min(bytes.length, at + 4);
        Arrays.fill(bytes, at, to, (byte) EVIL[random.nextInt(EVIL.length)]);
      }
    }
    return bytes;
  }

  /** Often near the start, where preface, settings and headers are. */
  private int position(int length) {
    return random.nextBoolean() ? random.nextInt(length) : random.nextInt(Math.min(length, 512));
  }

  private byte[] noise() {
    byte[] noise = new byte[1 + random.nextInt(LONGEST_INSERT)];
    random.nextBytes(noise);
    return noise;
  }

  private byte[] any(List<byte[]> valid) {
    return valid.get(random.nextInt(valid.size()));
  }

  /** The bytes before {@code end}, then {@code middle}, then the bytes from {@code start}. */
  private static byte[] joined(byte[] bytes, int end, byte[] middle, int start) {
    byte[] all = Arrays.copyOf(bytes, end + middle.length + bytes.length - start);
    System.arraycopy(middle, 0, all, end, middle.length);
    System.arraycopy(bytes, start, all, end + middle.length, bytes.length - start);
    return all;
  }
}
