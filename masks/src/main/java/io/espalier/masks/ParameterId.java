package io.espalier.masks;

/** Name of a parameter, unique in its network. */
public record ParameterId(String name) {
  public ParameterId {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a parameter's name must not be blank: name=" + name);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
