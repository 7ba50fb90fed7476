package io.espalier.service.http;

import io.espalier.configs.Rules;
import io.espalier.configs.file.PrivateDirectory;
import io.espalier.federation.trust.OwnerOnlyFiles;
import io.espalier.service.Ownership;
import io.espalier.service.Quota;
import io.espalier.service.Quotas;
import io.espalier.service.Scope;
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
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The tokens of a service in {@code tokens.json} of its directory. Changes by other processes take
 * effect within a second. A token is a secret of 256 random bits; the file has only its digest.
 * Thread-safe.
 */
public final class AccessTokens implements CallerDirectory {
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

  private AccessTokens(Path directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
    this.file = new TokenFile(directory.resolve("tokens.json"));
  }

  /** Opens the tokens in {@code directory}, which is made if absent. */
  public static AccessTokens open(Path directory, InstantSource clock) throws IOException {
    PrivateDirectory.own(directory);
    return new AccessTokens(directory, clock);
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
            write(List.of(token(FIRST_NAME, TokenTerms.of(Role.MANAGE), secret)));
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
    return create(name, TokenTerms.of(role));
  }

  /**
   * The same for a token of more terms.
   *
   * @throws IllegalArgumentException if the name is in use or invalid, or the token would end
   *     before now
   */
  public String create(String name, TokenTerms terms) throws IOException {
    requireFuture(terms.expires());
    String secret = secret();
    Token made = token(name, terms, secret);
    locked(
        () -> {
          List<Token> tokens = new ArrayList<>(list());
          if (tokens.stream().anyMatch(each -> each.name().equals(name))) {
            throw new IllegalArgumentException(
                "the name of a token must be new: name=%s; revoke that one first, or choose another name"
                    .formatted(name));
          }
          tokens.add(made);
          write(tokens);
          return true;
        });
    return secret;
  }

  /** In order of creation. */
  public List<Token> list() throws IOException {
    return file.read().tokens();
  }

  /** Whether a token has expired by now. */
  public boolean isExpired(Token token) {
    return token.isExpired(clock.instant());
  }

  /**
   * Sets the time at which a token ends; absent for never. Returns false if there is no token of
   * that name.
   *
   * @throws IllegalArgumentException if that time is over
   */
  public boolean renew(String name, Optional<Instant> expires) throws IOException {
    requireFuture(expires);
    return changed(name, token -> token.expiring(expires));
  }

  /**
   * Gives a token another secret and returns that; the one before is refused within a second.
   *
   * @return empty if there is no token of that name
   */
  public Optional<String> rotate(String name) throws IOException {
    String secret = secret();
    return changed(name, token -> token.withSecret(now(), digest(secret)))
        ? Optional.of(secret)
        : Optional.empty();
  }

  /** The limits of projects, by their names. */
  public Map<String, Quota> projects() throws IOException {
    return file.read().projects();
  }

  /** Limits a project; a quota without limits forgets the one that it had. */
  public void limit(String project, Quota quota) throws IOException {
    new Rules()
        .require("project", project, Ownership.isName(project), Ownership.NAME_RULE)
        .verify();
    locked(
        () -> {
          TokenFile.Content content = file.read();
          Map<String, Quota> projects = new TreeMap<>(content.projects());
          projects.remove(project);
          if (!quota.equals(Quota.NONE)) {
            projects.put(project, quota);
          }
          file.write(new TokenFile.Content(content.tokens(), projects));
          return true;
        });
  }

  private boolean changed(String name, UnaryOperator<Token> change) throws IOException {
    return locked(
        () -> {
          List<Token> tokens = new ArrayList<>(list());
          boolean isThere = tokens.stream().anyMatch(each -> each.name().equals(name));
          if (isThere) {
            tokens.replaceAll(each -> each.name().equals(name) ? change.apply(each) : each);
            write(tokens);
          }
          return isThere;
        });
  }

  private void requireFuture(Optional<Instant> expires) {
    if (expires.isPresent() && !expires.get().isAfter(clock.instant())) {
      throw new IllegalArgumentException(
          "a token must end after now: expires=%s, now=%s; name a later time"
              .formatted(expires.get(), now()));
    }
  }

  /** Writes these tokens beside the projects that there are. */
  private void write(List<Token> tokens) throws IOException {
    file.write(new TokenFile.Content(tokens, file.read().projects()));
  }

  /** Returns false if there is no token of that name. */
  public boolean revoke(String name) throws IOException {
    return locked(
        () -> {
          List<Token> tokens = new ArrayList<>(list());
          boolean isThere = tokens.removeIf(each -> each.name().equals(name));
          if (isThere) {
            write(tokens);
          }
          return isThere;
        });
  }

  @Override
  public Optional<Caller> find(String secret) throws IOException {
    byte[] digest = digest(secret).getBytes(StandardCharsets.US_ASCII);
    Optional<Caller> found = Optional.empty();
    TokenFile.Content content = file.recent();
    for (Token token : content.tokens()) {
      // Constant time.
      if (MessageDigest.isEqual(token.sha256().getBytes(StandardCharsets.US_ASCII), digest)) {
        found = Optional.of(caller(token, content));
      }
    }
    return found;
  }

  @Override
  public boolean isValid(Caller caller) throws IOException {
    TokenFile.Content content = file.recent();
    return caller.expired().isEmpty()
        && content.tokens().stream()
            .anyMatch(
                token ->
                    token.name().equals(caller.name()) && caller(token, content).equals(caller));
  }

  private Caller caller(Token token, TokenFile.Content content) {
    Ownership ownership = token.ownership();
    return new Caller(
        token.name(),
        token.role(),
        ownership,
        token.scope().orElse(Scope.ALL),
        new Quotas(
            token.quota().orElse(Quota.NONE),
            content.projects().getOrDefault(ownership.project(), Quota.NONE)),
        token.created(),
        token.expires().filter(end -> token.isExpired(clock.instant())));
  }

  private Token token(String name, TokenTerms terms, String secret) {
    return Token.of(name, terms, now(), digest(secret));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
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
