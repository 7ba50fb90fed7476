package io.espalier.trainer.data.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.configs.InvalidConfigException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a {@code tokenizer.json} of Hugging Face's libraries, whose native library splits
 * texts. The file's own rules of cutting and filling up do not count. The library is loaded at the
 * first text.
 */
public final class TokenizerFile implements Tokens {
  static final String NAME = "tokenizer";

  /** The most tokens: windows hold them in 16 bits. */
  static final int MOST = 1 << 16;

  /** Bytes of the tables of {@link #MOST} tokens and of one call of the library. */
  public static final long MOST_MEMORY = 128L << 20;

  private static final Set<String> PADDINGS =
      Set.of("[PAD]", "<pad>", "<|pad|>", "<|padding|>", "<|finetune_right_pad_id|>");

  private final String json;
  private final List<String> names;
  private final int padding;
  private @Nullable Tokenizer library;

  private TokenizerFile(String json, List<String> names, int padding) {
    this.json = json;
    this.names = names;
    this.padding = padding;
  }

  /**
   * Reads a file's content; throws {@link IllegalArgumentException} if it is no such file, or has a
   * component or pattern that is not accepted.
   */
  public static TokenizerFile of(String json) {
    JsonNode root = TokenizerRules.parse(json);
    TreeMap<Integer, String> tokens = new TreeMap<>();
    JsonNode vocabulary = root.path("model").path("vocab");
    vocabulary
        .properties()
        .forEach(token -> tokens.put(token.getValue().asInt(-1), token.getKey()));
    for (int i = 0; vocabulary.isArray() && i < vocabulary.size(); i++) {
      tokens.put(i, vocabulary.get(i).path(0).asText());
    }
    for (JsonNode added : root.path("added_tokens")) {
      tokens.put(added.path("id").asInt(-1), added.path("content").asText());
    }
    if (tokens.size() < 2 || tokens.firstKey() < 0 || tokens.lastKey() >= MOST) {
      throw new IllegalArgumentException(
          "a tokenizer must have a model with a vocabulary of 2 to %d tokens: tokens=%d%s"
              .formatted(
                  MOST,
                  tokens.size(),
                  tokens.isEmpty() ? "" : ", largest number=" + tokens.lastKey()));
    }
    var unused = TokenizerRules.accepted(root);
    int padding = padding(root, tokens.lastKey() + 1);
    return new TokenizerFile(json, names(tokens, padding), padding);
  }

  /** The file's own token, else one behind all others. */
  private static int padding(JsonNode root, int behind) {
    JsonNode chosen = root.path("padding").path("pad_id");
    return chosen.isInt()
        ? chosen.asInt()
        : StreamSupport.stream(root.path("added_tokens").spliterator(), false)
            .filter(added -> PADDINGS.contains(added.path("content").asText()))
            .mapToInt(added -> added.path("id").asInt())
            .findFirst()
            .orElse(behind);
  }

  private static List<String> names(NavigableMap<Integer, String> tokens, int padding) {
    int count = Math.max(tokens.lastKey(), padding) + 1;
    Set<String> seen = new HashSet<>();
    List<String> names = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String name = tokens.getOrDefault(i, i == padding ? "<padding>" : "<unused " + i + ">");
      names.add(seen.add(name) ? name : name + " (" + i + ")");
    }
    return List.copyOf(names);
  }

  private Tokenizer library() {
    try {
      return loaded();
    } catch (IllegalArgumentException e) {
      throw InvalidConfigException.of("vocabulary", String.valueOf(e.getMessage()));
    }
  }

  private synchronized Tokenizer loaded() {
    if (library == null) {
      library = Tokenizers.installed().of(TokenizerRules.accepted(TokenizerRules.parse(json)));
    }
    return Objects.requireNonNull(library);
  }

  /** Loads the library and the tokenizer; throws {@link IllegalArgumentException} if it cannot. */
  public TokenizerFile required() {
    var unused = loaded();
    return this;
  }

  @Override
  public String vocabulary() {
    return NAME;
  }

  @Override
  public String content() {
    return json;
  }

  @Override
  public List<String> names() {
    return names;
  }

  @Override
  public int padding() {
    return padding;
  }

  @Override
  public TokenizedText tokenized(String text) {
    TokenizedPiece encoded = library().encode(text);
    int characters = text.codePointCount(0, text.length());
    return new TokenizedText(
        checked(encoded.numbers()), token -> characters - (long) encoded.begin(token));
  }

  @Override
  public int[] marked(String text) {
    return checked(library().marked(text));
  }

  private int[] checked(int[] numbers) {
    if (IntStream.of(numbers).anyMatch(number -> number >= names.size())) {
      throw new IllegalArgumentException(
          "a tokenizer must list every token that it gives: tokens=%d, given=%d"
              .formatted(names.size(), IntStream.of(numbers).max().orElse(0)));
    }
    return numbers;
  }

  @Override
  public int endMarks() {
    return library().endMarks();
  }

  @Override
  public String text(int[] tokens) {
    return library().decode(tokens);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenizerFile file && file.json.equals(json);
  }

  @Override
  public int hashCode() {
    return json.hashCode();
  }

  @Override
  public String toString() {
    return names.size() + " tokens of a tokenizer";
  }
}
