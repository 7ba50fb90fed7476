package io.espalier.service.http;

import io.espalier.configs.Rules;
import io.espalier.configs.file.PrivateDirectory;
import io.espalier.federation.trust.OwnerOnlyFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The tokens of a service in {@code tokens.json} of its directory. Changes by other processes take
 * effect within a second. A token is a secret of 256 random bits; the file has only its digest.
 * Thread-safe.
 */
public final class Tokens implements CallerDirectory {
  private static final String FIRST = "token";
  private static final String FIRST_NAME = "owner";

  /** The prefix by which source code scanners recognise a leaked secret. */
  private static final String PREFIX = "espalier_";

  private static final int SECRET_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Object WRITING = new Object();

  private final Path directory;
  private final InstantSource clock;
  private final TokenFile file;

  /**
   * A token without its secret.
   *
   * @param name unique; 1 to 64 letters, digits and {@code . _ -}, the first a letter or digit
   * @param sha256 of the secret, in hex
   */
  public record Token(String name, Role role, Instant created, String sha256) {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
    private static final String DIGEST = "[0-9a-f]{64}";

    public Token {
      new Rules()
          .require(
              "name",
              name,
              name.matches(NAME),
              "1 to 64 letters, digits, . _ and -, the first a letter or digit")
          .require("sha256", sha256, sha256.matches(DIGEST), "64 hex digits")
          .verify();
    }
  }

  private Tokens(Path directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
    this.file = new TokenFile(directory.resolve("tokens.json"));
  }

  /** Opens the tokens in {@code directory}, which is made if absent. */
  public static Tokens open(Path directory, InstantSource clock) throws IOException {
    PrivateDirectory.own(directory);
    return new Tokens(directory, clock);
  }

  /**
   * At a service's first start, writes a token of the role {@link Role#MANAGE} to the file {@code
   * token} for the user's command line; afterwards does nothing.
   */
  public void prepareFirst() throws IOException {
    locked(
        () -> {
          if (!file.exists()) {
            String secret = secret();
            OwnerOnlyFiles.write(first(), secret + "\n");
            file.write(List.of(token(FIRST_NAME, Role.MANAGE, secret)));
          }
          return true;
        });
  }

  /** The file of {@link #prepareFirst}. */
  public Path first() {
    return directory.resolve(FIRST);
  }

  /**
   * Makes a token and returns its secret, which is stored nowhere.
   *
   * @throws IllegalArgumentException if the name is in use or invalid
   */
  public String create(String name, Role role) throws IOException {
    String secret = secret();
    Token made = token(name, role, secret);
    locked(
        () -> {
          List<Token> tokens = new ArrayList<>(list());
          if (tokens.stream().anyMatch(each -> each.name().equals(name))) {
            throw new IllegalArgumentException(
                "the name of a token must be new: name=%s; revoke that one first, or choose another name"
                    .formatted(name));
          }
          tokens.add(made);
          file.write(tokens);
          return true;
        });
    return secret;
  }

  /** In order of creation. */
  public List<Token> list() throws IOException {
    return file.read();
  }

  /** Returns false if there is no token of that name. */
  public boolean revoke(String name) throws IOException {
    return locked(
        () -> {
          List<Token> tokens = new ArrayList<>(list());
          boolean isThere = tokens.removeIf(each -> each.name().equals(name));
          if (isThere) {
            file.write(tokens);
          }
          return isThere;
        });
  }

  @Override
  public Optional<Caller> find(String secret) throws IOException {
    byte[] digest = digest(secret).getBytes(StandardCharsets.US_ASCII);
    Optional<Caller> found = Optional.empty();
    for (Token token : file.recent()) {
      // Constant time.
      if (MessageDigest.isEqual(token.sha256().getBytes(StandardCharsets.US_ASCII), digest)) {
        found = Optional.of(new Caller(token.name(), token.role()));
      }
    }
    return found;
  }

  private Token token(String name, Role role, String secret) {
    return new Token(name, role, clock.instant().truncatedTo(ChronoUnit.SECONDS), digest(secret));
  }

  private static String secret() {
    byte[] bytes = new byte[SECRET_BYTES];
    RANDOM.nextBytes(bytes);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** SHA-256 in hex: a secret has 256 random bits, so no slower hash is needed. */
  private static String digest(String secret) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the Java platform must have SHA-256", e);
    }
  }

  /** Runs a change under a lock of all threads and processes. */
  private boolean locked(Change change) throws IOException {
    synchronized (WRITING) {
      try (FileChannel channel =
          FileChannel.open(
              directory.resolve("tokens.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE)) {
        channel.lock();
        return change.make();
      }
    }
  }

  @FunctionalInterface
  private interface Change {
    boolean make() throws IOException;
  }
}
