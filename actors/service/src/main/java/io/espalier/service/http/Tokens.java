package io.espalier.service.http;

import io.espalier.federation.trust.OwnerOnlyFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tokens of a service, in {@code tokens.json} of its directory, which several processes may
 * use: what another one changes is seen within a second. Thread-safe.
 */
public final class Tokens implements CallerDirectory {
  private static final String FILE = "tokens.json";
  private static final String FIRST = "token";
  private static final String FIRST_NAME = "owner";
  private static final Object WRITING = new Object();

  private final Path directory;
  private final InstantSource clock;
  private final TokenView view;

  private Tokens(Path directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
    this.view = new TokenView(directory.resolve(FILE));
  }

  /**
   * The tokens of the service whose files are in {@code directory}, which is made if absent.
   *
   * @param clock for the time at which a token is made
   */
  public static Tokens open(Path directory, InstantSource clock) throws IOException {
    Files.createDirectories(directory);
    return new Tokens(directory, clock);
  }

  /**
   * At the first start of a service, makes a token that may operate and leaves it in the file
   * {@code token}, for the user's own command line; afterwards does nothing.
   */
  public void prepareFirst() throws IOException {
    locked(
        () -> {
          if (!Files.exists(directory.resolve(FILE))) {
            String secret = Secrets.random();
            OwnerOnlyFiles.write(first(), secret + "\n");
            write(List.of(token(FIRST_NAME, Role.OPERATE, secret)));
          }
          return true;
        });
  }

  /** The file that {@link #prepareFirst} leaves a token in. */
  public Path first() {
    return directory.resolve(FIRST);
  }

  /**
   * Makes a token and returns its secret, which nobody can tell again.
   *
   * @throws IllegalArgumentException if the name is in use or cannot name a token
   */
  public String create(String name, Role role) throws IOException {
    String secret = Secrets.random();
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
          return write(tokens);
        });
    return secret;
  }

  /** All tokens, in the order in which they were made. */
  public List<Token> list() throws IOException {
    return TokenFile.read(directory.resolve(FILE));
  }

  /** Ends a token; false if there is none of that name. */
  public boolean revoke(String name) throws IOException {
    return locked(
        () -> {
          List<Token> tokens = new ArrayList<>(list());
          return tokens.removeIf(each -> each.name().equals(name)) && write(tokens);
        });
  }

  /**
   * Who a secret belongs to; empty if it is wrong or revoked.
   *
   * @throws IOException if the file cannot be read or others may read it
   */
  @Override
  public Optional<Caller> find(String secret) throws IOException {
    String digest = Secrets.digest(secret);
    Optional<Caller> found = Optional.empty();
    for (Token token : view.tokens()) {
      if (Secrets.equal(token.sha256(), digest)) {
        found = Optional.of(token.caller());
      }
    }
    return found;
  }

  private Token token(String name, Role role, String secret) {
    return new Token(
        name, role, clock.instant().truncatedTo(ChronoUnit.SECONDS), Secrets.digest(secret));
  }

  private boolean write(List<Token> tokens) throws IOException {
    TokenFile.write(directory.resolve(FILE), tokens);
    return true;
  }

  /** Does some work while neither a thread nor another process changes the tokens. */
  private boolean locked(Change change) throws IOException {
    Path file = directory.resolve("tokens.lock");
    synchronized (WRITING) {
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
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
