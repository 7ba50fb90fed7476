package io.espalier.masks;

/** The name of one parameter of a network, such as {@code conv1.weight}. */
public record ParameterId(String name) {
  public ParameterId {
    if (name.isBlank()) {
      throw new IllegalArgumentException(
          "a parameter's name must not be blank: name='" + name + "'");
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
