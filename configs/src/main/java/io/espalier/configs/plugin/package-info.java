/** Members of families: how built-in ones and users' own declare themselves and are found. */
package io.espalier.configs.plugin;
