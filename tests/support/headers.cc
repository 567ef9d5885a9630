// Nothing of its own: the target that the precompiled headers of all tests belong to. See tests/CMakeLists.txt
