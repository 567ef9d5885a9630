# Turns a text file into a C++ source that defines lookalike::embedded::SYMBOL, so that the program needs no files.
# cmake -DINPUT=... -DOUTPUT=... -DSYMBOL=... -DHEADER=... -P embed_text.cmake; HEADER declares it.
file(READ "${INPUT}" text)
string(FIND "${text}" ")embedded\"" end)
if(NOT end EQUAL -1)
  message(FATAL_ERROR "${INPUT} holds the text that ends the literal it is to be put into")
endif()
file(WRITE "${OUTPUT}" "// Made from a text file by embed_text.cmake at build time.\n"
  "#include \"${HEADER}\"\n\n"
  "namespace lookalike::embedded {\n\n"
  "const std::string_view ${SYMBOL} = R\"embedded(${text})embedded\";\n\n"
  "}  // namespace lookalike::embedded\n")
